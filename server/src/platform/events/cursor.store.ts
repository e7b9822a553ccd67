import { type Kysely, sql } from 'kysely'
import type { EventTables } from './event.tables.ts'
import { FEED_END, FEED_START, type FeedPosition } from './feed.ts'
import type { AnyTransaction } from './outbox.ts'

/** Somebody else has moved the cursor: this process leads no more, or not alone. */
class CursorMovedError extends Error {
  constructor(feed: string, consumer: string) {
    super(`the cursor of ${consumer} in ${feed} was moved by another process`)
    this.name = 'CursorMovedError'
  }
}

export interface CursorMove {
  feed: string
  consumer: string
  from: FeedPosition
  to: FeedPosition
}

export type CursorStore = ReturnType<typeof cursorStore>

/** SQL over how far each consumer has come. */
export function cursorStore(db: Kysely<EventTables>) {
  return {
    /**
     * A consumer's position. One that is new begins where the slowest of `standIns` stands, for
     * whom it takes over, or else at the feed's beginning.
     */
    async positionOf(
      feed: string,
      consumer: string,
      standIns: readonly string[] = [],
    ): Promise<FeedPosition> {
      await sql`
        insert into event_cursor (feed, consumer, xid, seq)
        select ${feed}, ${consumer}, coalesce(slowest.xid, '0'), coalesce(slowest.seq, 0)
        from (values (1)) as one left join (
          select xid, seq from event_cursor
          where feed = ${feed} and consumer = any(${[...standIns]}::text[])
          order by xid, seq limit 1) as slowest on true
        on conflict (feed, consumer) do nothing`.execute(db)
      return (await this.find(feed, consumer)) ?? FEED_START
    },

    async find(feed: string, consumer: string): Promise<FeedPosition | undefined> {
      const row = await db
        .selectFrom('event_cursor')
        .select(['xid', 'seq'])
        .where('feed', '=', feed)
        .where('consumer', '=', consumer)
        .executeTakeFirst()
      return row
    },

    /**
     * Moves a cursor on, in the transaction of what was done meanwhile.
     * @throws CursorMovedError when it no longer stands where the caller left it.
     */
    async move({ feed, consumer, from, to }: CursorMove, within: AnyTransaction): Promise<void> {
      const { numAffectedRows } = await sql`
        update event_cursor set xid = ${to.xid}::xid8, seq = ${to.seq}::bigint, updated_at = now()
        where feed = ${feed} and consumer = ${consumer}
          and xid = ${from.xid}::xid8 and seq = ${from.seq}::bigint`.execute(within)
      if (numAffectedRows !== 1n) throw new CursorMovedError(feed, consumer)
    },

    /**
     * Where the slowest of these consumers stands; the beginning while one of them has no cursor,
     * the end of all feeds when there are none.
     */
    async slowest(feed: string, consumers: readonly string[]): Promise<FeedPosition> {
      if (consumers.length === 0) return FEED_END
      const rows = await db
        .selectFrom('event_cursor')
        .select(['xid', 'seq'])
        .where('feed', '=', feed)
        .where('consumer', '=', sql<string>`any(${[...consumers]}::text[])`)
        .orderBy('xid')
        .orderBy('seq')
        .execute()
      return rows.length < consumers.length ? FEED_START : (rows[0] ?? FEED_START)
    },

    /** The cursors of a feed: who stands where, since when. */
    async list(feed: string) {
      return db
        .selectFrom('event_cursor')
        .select(['consumer', 'xid', 'seq', 'updated_at as updatedAt'])
        .where('feed', '=', feed)
        .orderBy('consumer')
        .execute()
    },
  }
}
