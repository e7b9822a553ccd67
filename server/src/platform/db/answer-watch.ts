import { setTimeout as delay } from 'node:timers/promises'
import { connectionLost } from './connect-errors.ts'

export interface AnswerWatch {
  /**
   * What the server gives or throws. What it gives after its caller was let go is `tooLate`'s.
   * @throws connectionLost when it falls silent, and at once while it is.
   */
  wait<T>(ask: () => Promise<T>, tooLate?: (value: T) => void): Promise<T>
  /** The server has answered something. */
  heard(): void
  stop(): void
}

export interface AnswerWatchOptions {
  /** Whether the server answers anybody; bounded in time. @throws never */
  probe(): Promise<boolean>
  /** Told when it falls silent and when it is back. */
  onChange?: ((state: { silent: boolean }) => void) | undefined
  quietMs?: number
  retryMs?: number
}

/** Nobody is asked in vain: a statement that takes this long is a slow one. */
const QUIET_MS = 500
const RETRY_MS = 250

/**
 * Tells a server that is frozen or cut off, of which nothing more will come, from one that works on a
 * slow statement: when it has said nothing for a while to anybody who waits, it is probed beside, and
 * twice, since the first may be late because this process was busy. Without an answer to either all
 * who wait are let go, and nobody else asks until a probe in the background has been answered.
 */
export function answerWatch(options: AnswerWatchOptions): AnswerWatch {
  const { probe, onChange, quietMs = QUIET_MS, retryMs = RETRY_MS } = options
  const waiting = new Set<(error: Error) => void>()
  let heardAtMs = performance.now()
  let isSilent = false
  let isWatching = false
  let isStopped = false

  const pause = (ms: number) => delay(ms, undefined, { ref: false })

  function change(silent: boolean): void {
    if (silent === isSilent) return
    isSilent = silent
    if (silent) {
      for (const letGo of waiting) letGo(connectionLost('the database does not answer'))
      waiting.clear()
    }
    onChange?.({ silent })
  }

  async function look(): Promise<void> {
    const before = heardAtMs
    const answered = (await probe()) || (!isSilent && (await probe()))
    if (answered) heardAtMs = performance.now()
    if (isStopped) return
    change(heardAtMs === before)
    if (isSilent) await pause(retryMs)
  }

  async function watch(): Promise<void> {
    if (isWatching) return
    isWatching = true
    while (!isStopped && (isSilent || waiting.size > 0)) {
      const leftMs = quietMs - (performance.now() - heardAtMs)
      await (isSilent || leftMs <= 0 ? look() : pause(leftMs))
    }
    isWatching = false
  }

  return {
    wait<T>(ask: () => Promise<T>, tooLate?: (value: T) => void): Promise<T> {
      if (isSilent) return Promise.reject(connectionLost('the database does not answer'))
      if (waiting.size === 0) heardAtMs = performance.now()
      const { promise, resolve, reject } = Promise.withResolvers<T>()
      waiting.add(reject)
      void watch()
      ask().then(
        (value) => {
          if (waiting.delete(reject)) resolve(value)
          else tooLate?.(value)
        },
        (error: Error) => {
          waiting.delete(reject)
          reject(error)
        },
      )
      return promise
    },
    heard() {
      heardAtMs = performance.now()
    },
    stop() {
      isStopped = true
    },
  }
}
