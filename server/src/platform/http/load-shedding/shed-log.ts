import type { Logger } from '#platform/telemetry'
import type { Refusal } from './admission.ts'

const EVERY_MS = 1_000

/** Logs refusals in sums, a line a second at most: an overload must not become one of the log. */
export function shedLog(logger: Logger, nowMs = () => performance.now()) {
  let since = new Map<Refusal, number>()
  let nextMs = Number.NEGATIVE_INFINITY

  return (why: Refusal): void => {
    since.set(why, (since.get(why) ?? 0) + 1)
    if (nowMs() < nextMs) return
    nextMs = nowMs() + EVERY_MS
    logger.warn({ reasons: Object.fromEntries(since) }, 'requests refused: overloaded')
    since = new Map()
  }
}
