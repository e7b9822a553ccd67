import { setTimeout as delay } from 'node:timers/promises'

/** Runs one portion of a long job's work, and then waits. @throws what the work throws. */
export type Pace = <T>(work: () => Promise<T>) => Promise<T>

export interface PaceOptions {
  /** Of the time that may be spent on work, above 0, at most 1. */
  share: number
  maxPauseMs: number
  signal: AbortSignal
  nowMs?: () => number
  pause?: (ms: number, signal: AbortSignal) => Promise<unknown>
}

/** For a job that nobody else has to be considered for. */
export const unhurried: Pace = (work) => work()

/**
 * Lets a job that is in no hurry give way: after each portion it waits in proportion to the time
 * that it took. Whatever is overloaded takes longer, and so is asked less often, without anybody
 * measuring how loaded it is.
 */
export function gentlePace(options: PaceOptions): Pace {
  const { share, maxPauseMs, signal, nowMs = () => performance.now() } = options
  const pause = options.pause ?? ((ms) => delay(ms, undefined, { signal }))
  return async (work) => {
    signal.throwIfAborted()
    const startedMs = nowMs()
    const result = await work()
    const pauseMs = (nowMs() - startedMs) * (1 / share - 1)
    await pause(Math.min(pauseMs, maxPauseMs), signal)
    return result
  }
}
