import { setTimeout as pause } from 'node:timers/promises'
import { notReady, stopping } from './http.errors.ts'

/** Something that requests are answered with. */
export interface HealthCheck {
  /** Public: `database`, `cache`. */
  name: string
  /** Whether nothing can be answered without it; else it only is worse. */
  required: boolean
  /** @throws when it does not work. */
  check(): Promise<void>
}

export type CheckState = 'ok' | 'failed'

export interface HealthReport {
  status: 'ok' | 'degraded'
  checks: Record<string, CheckState>
}

export interface Health {
  /** @throws AppError 503 when requests cannot be answered now, or the process was told to stop. */
  report(): Promise<HealthReport>
  /** From now on not ready. */
  stop(): void
}

export interface HealthOptions {
  /** Told of each check that has begun to fail, or has recovered. */
  onChange?: (name: string, state: CheckState, error: unknown) => void
  nowMs?: () => number
}

/** A probe waits for a second or two: what takes longer does not work. */
const CHECK_TIMEOUT_MS = 1_500
/** Probes are public: however many there are, the checks run once in this time. */
const FRESH_MS = 500

/** Judges a process by what it answers requests with. */
export function healthOf(checks: readonly HealthCheck[], options: HealthOptions = {}): Health {
  const { onChange, nowMs = () => performance.now() } = options
  const known = new Map<string, CheckState>()
  let last: { report: Promise<HealthReport>; atMs: number } | undefined
  let isStopping = false

  function note(name: string, state: CheckState, error?: unknown): CheckState {
    if ((known.get(name) ?? 'ok') !== state) onChange?.(name, state, error)
    known.set(name, state)
    return state
  }

  async function run({ name, check }: HealthCheck): Promise<[string, CheckState]> {
    const over = new AbortController()
    const tooLong = pause(CHECK_TIMEOUT_MS, undefined, { signal: over.signal }).then(() => {
      throw new Error(`no answer within ${CHECK_TIMEOUT_MS} ms`)
    })
    try {
      await Promise.race([check(), tooLong])
      return [name, note(name, 'ok')]
    } catch (error) {
      return [name, note(name, 'failed', error)]
    } finally {
      over.abort()
      // Aborted, or lost the race: nobody waits for it any more.
      tooLong.catch(() => undefined)
    }
  }

  async function runAll(): Promise<HealthReport> {
    const states = Object.fromEntries(await Promise.all(checks.map(run)))
    const failed = checks.filter(({ name }) => states[name] === 'failed')
    if (failed.some(({ required }) => required)) throw notReady(states)
    return { status: failed.length > 0 ? 'degraded' : 'ok', checks: states }
  }

  return {
    async report() {
      if (isStopping) throw stopping()
      if (last === undefined || nowMs() - last.atMs >= FRESH_MS) {
        last = { report: runAll(), atMs: nowMs() }
      }
      return last.report
    },
    stop() {
      isStopping = true
    },
  }
}
