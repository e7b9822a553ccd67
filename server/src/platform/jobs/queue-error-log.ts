import type { Logger } from '#platform/telemetry'

/** What every place of every job meets each second while PostgreSQL is away is told this often. */
const TELL_EVERY_MS = 10_000
/** pg-boss adds to a message whose it is: one kind of error for each place, otherwise. */
const WHOSE = / \(Queue: .*\)$/

/** Logs an error at once when it is new, else its number after some seconds. */
export function queueErrorLog(
  logger: Pick<Logger, 'error'>,
  nowMs: () => number = () => performance.now(),
): (error: Error) => void {
  const told = new Map<string, { atMs: number; since: number }>()

  return (error) => {
    const kind = error.message.replace(WHOSE, '')
    const last = told.get(kind)
    if (last !== undefined && nowMs() - last.atMs < TELL_EVERY_MS) {
      last.since += 1
      return
    }
    // Kinds that nobody meets any more must not be kept for ever: messages may hold ids.
    for (const [old, { atMs }] of told) if (nowMs() - atMs >= TELL_EVERY_MS) told.delete(old)
    told.set(kind, { atMs: nowMs(), since: 0 })
    const more = last !== undefined && last.since > 0 ? { untold: last.since } : {}
    logger.error({ error, ...more }, 'job queue error')
  }
}
