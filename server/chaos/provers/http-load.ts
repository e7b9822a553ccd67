import { setTimeout as delay } from 'node:timers/promises'
import { type Answer, call } from '../../test/fleet/index.ts'
import { quantile } from '../prover.ts'

export interface LoadedCall {
  readonly path: string
  readonly method?: string
  readonly token?: string
  readonly body?: () => unknown
}

/** What the callers saw. */
export interface Sightings {
  readonly answered: number
  readonly statuses: ReadonlyMap<number, number>
  /** Calls that had no whole answer, and why. */
  readonly broken: ReadonlyMap<string, number>
  /** What the first answers of 500 and above said. */
  readonly complaints: readonly string[]
  /** 500 and above, and calls without an answer. */
  readonly failed: number
  latencyMs(share: number): number
}

export interface HttpLoad {
  /** What was seen since the start, or since the last time. */
  take(): Sightings
  stop(): Promise<Sightings>
}

export interface HttpLoadOptions {
  readonly base: string
  readonly calls: readonly LoadedCall[]
  readonly callers: number
  /** Between two calls of a caller. */
  readonly pauseMs: number
  readonly timeoutMs?: number
}

const MOST_COMPLAINTS = 3

const causeOf = (error: unknown): string => {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
  return cause instanceof Error ? cause.message : String(cause)
}

function sightings() {
  const statuses = new Map<number, number>()
  const broken = new Map<string, number>()
  const latencies: number[] = []
  const complaints: string[] = []
  return {
    answer({ status, tookMs, body }: Answer) {
      statuses.set(status, (statuses.get(status) ?? 0) + 1)
      latencies.push(tookMs)
      if (status >= 500 && complaints.length < MOST_COMPLAINTS) {
        complaints.push(`${status} ${JSON.stringify(body)}`)
      }
    },
    silence(error: unknown) {
      const cause = causeOf(error)
      broken.set(cause, (broken.get(cause) ?? 0) + 1)
    },
    seen(): Sightings {
      const bad = [...statuses].filter(([status]) => status >= 500)
      const sum = (counts: Iterable<number>) => [...counts].reduce((a, b) => a + b, 0)
      return {
        answered: latencies.length,
        statuses,
        broken,
        complaints,
        failed: sum(bad.map(([, count]) => count)) + sum(broken.values()),
        latencyMs: (share) => quantile(latencies, share),
      }
    },
  }
}

/** Callers who go round the calls, each waiting for its answer before the next. */
export function startHttpLoad(options: HttpLoadOptions): HttpLoad {
  const { base, calls, callers, pauseMs, timeoutMs } = options
  let running = true
  let current = sightings()

  async function caller(first: number): Promise<void> {
    for (let turn = first; running; turn += 1) {
      const { path, method, token, body } = calls[turn % calls.length] ?? { path: '/' }
      const into = current
      try {
        const answer = await call(base, path, {
          ...(method !== undefined && { method }),
          ...(token !== undefined && { token }),
          ...(body !== undefined && { body: body() }),
          ...(timeoutMs !== undefined && { timeoutMs }),
        })
        into.answer(answer)
      } catch (error) {
        into.silence(error)
      }
      await delay(pauseMs)
    }
  }

  const loops = Array.from({ length: callers }, (_, index) => caller(index))
  return {
    take() {
      const taken = current
      current = sightings()
      return taken.seen()
    },
    async stop() {
      running = false
      await Promise.all(loops)
      return current.seen()
    },
  }
}

/** For a figure's line: `200 × 5123, 503 × 2, ECONNRESET × 1`. */
export function tally({ statuses, broken }: Pick<Sightings, 'statuses' | 'broken'>): string {
  return [...statuses, ...broken].map(([what, count]) => `${what} × ${count}`).join(', ')
}
