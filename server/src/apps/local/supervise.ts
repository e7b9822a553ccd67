import { setTimeout as delay } from 'node:timers/promises'
import { LocalRunError } from './local-errors.ts'
import { type Program, type ProgramPlan, startProgram } from './program.ts'
import { logTail, rotateLog } from './program-log.ts'

/** A program that is started again when it ends by itself. */
export interface Supervised {
  readonly name: string
  /** Of the process that runs now. */
  pid(): number
  /** @throws LocalRunError once the program has ended during the start, or too often after it. */
  check(): void
  /** From now on the program is restarted when it ends; before, its end fails the start. */
  keepAlive(): void
  stop(graceMs: number): Promise<void>
}

export interface SuperviseOptions {
  readonly plan: ProgramPlan
  /** Waits before each restart; one more failure within the window gives up. */
  readonly backoffMs?: readonly number[]
  readonly windowMs?: number
  readonly onStart: (name: string, pid: number) => void
  readonly onRestart: (name: string, reason: string) => void
  readonly onGiveUp: (error: LocalRunError) => void
  readonly nowMs: () => number
}

const BACKOFF_MS = [500, 1000, 2000, 4000]
const WINDOW_MS = 60_000

async function gaveUp({ name, logFile }: ProgramPlan, reason: string): Promise<LocalRunError> {
  const tail = await logTail(logFile)
  return new LocalRunError(`The ${name} ended (${reason}). The end of ${logFile}:\n${tail}`)
}

/** Starts a program and watches over it until `stop`. */
export async function supervise(options: SuperviseOptions): Promise<Supervised> {
  const { plan, onStart, nowMs } = options
  const backoffMs = options.backoffMs ?? BACKOFF_MS
  const windowMs = options.windowMs ?? WINDOW_MS
  const stopping = new AbortController()
  let failuresMs: number[] = []
  let isKeptAlive = false
  let failure: LocalRunError | undefined
  let program: Program

  const start = async () => {
    program = await startProgram(plan)
    // Asked to stop while it was being started: `stop` has only seen the one before.
    if (stopping.signal.aborted) return program.stop(0)
    onStart(plan.name, program.pid)
    void program.ended.then(handleEnd).catch(giveUp)
  }
  const giveUp = (error: unknown) => {
    failure = error instanceof LocalRunError ? error : new LocalRunError(String(error))
    options.onGiveUp(failure)
  }
  const handleEnd = async (reason: string) => {
    if (stopping.signal.aborted) return
    failuresMs = [...failuresMs.filter((atMs) => nowMs() - atMs < windowMs), nowMs()]
    const waitMs = backoffMs[failuresMs.length - 1]
    if (!isKeptAlive || waitMs === undefined) return giveUp(await gaveUp(plan, reason))
    options.onRestart(plan.name, reason)
    try {
      await delay(waitMs, undefined, { signal: stopping.signal })
    } catch {
      return
    }
    await start()
  }

  await rotateLog(plan.logFile)
  await start()
  return {
    name: plan.name,
    pid: () => program.pid,
    check() {
      if (failure) throw failure
    },
    keepAlive() {
      isKeptAlive = true
    },
    async stop(graceMs) {
      stopping.abort()
      await program.stop(graceMs)
    },
  }
}
