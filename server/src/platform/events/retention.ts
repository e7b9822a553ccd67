import { type Kysely, sql } from 'kysely'
import { cursorStore } from './cursor.store.ts'
import type { EventTables } from './event.tables.ts'
import { OUTBOX_FEED } from './outbox-feed.ts'

export interface Retention {
  /** How long a delivered event can still be replayed. */
  outboxDays: number
  /** How long a second delivery is known for one; longer than any broker keeps an event. */
  consumedDays: number
  /** How long a dead event waits for somebody; it may hold what a user has since had erased. */
  deadDays: number
}

const RETENTION: Retention = { outboxDays: 7, consumedDays: 30, deadDays: 30 }

const ROWS_AT_ONCE = 5_000

/** Deletes in small transactions, so that none holds anybody up. */
async function inPieces(deletePiece: () => Promise<bigint>): Promise<number> {
  let total = 0
  while (true) {
    const deleted = Number(await deletePiece())
    total += deleted
    if (deleted < ROWS_AT_ONCE) return total
  }
}

/**
 * Deletes what nobody needs any more: events that all of `readers` are past, marks, dead letters.
 * A reader without a cursor in the outbox has read nothing yet: then no event goes.
 */
export async function pruneEvents(
  db: Kysely<EventTables>,
  {
    readers,
    now,
    retention = RETENTION,
  }: { readers: readonly string[]; now: Date; retention?: Retention },
): Promise<{ outbox: number; consumed: number; dead: number }> {
  const before = (days: number) => new Date(now.getTime() - days * 86_400_000)
  const affected = async (query: ReturnType<typeof sql>) =>
    (await query.execute(db)).numAffectedRows ?? 0n

  const slowest = await cursorStore(db).slowest(OUTBOX_FEED, readers)
  const outbox = await inPieces(() =>
    affected(sql`
      delete from outbox_message where seq in (
        select seq from outbox_message
        where recorded_at < ${before(retention.outboxDays)} and seq <= ${slowest.seq}::bigint
        order by recorded_at limit ${ROWS_AT_ONCE})`),
  )
  const consumed = await inPieces(() =>
    affected(sql`
      delete from consumed_event where (consumer, event_id) in (
        select consumer, event_id from consumed_event
        where consumed_at < ${before(retention.consumedDays)}
        order by consumed_at limit ${ROWS_AT_ONCE})`),
  )
  const dead = await affected(sql`
    delete from dead_event where died_at < ${before(retention.deadDays)}`)
  return { outbox, consumed, dead: Number(dead) }
}
