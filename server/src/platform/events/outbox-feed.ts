import { type Kysely, type RawBuilder, sql } from 'kysely'
import type { EventTables } from './event.tables.ts'
import { FEED_START, type Feed, type FeedPosition } from './feed.ts'
import { entryOf, type FeedRow, selectEvent } from './feed-row.ts'
import { settledSequence } from './settled-sequence.ts'

export const OUTBOX_FEED = 'outbox'

const EVENT = selectEvent({
  id: sql`id`,
  topic: sql`topic`,
  key: sql`key`,
  schemaVersion: sql`schema_version`,
  payload: sql`payload`,
  occurredAt: sql`occurred_at`,
  recordedAt: sql`recorded_at`,
})

/**
 * The events that domains appended with `outbox`, of whichever topic, in the order of `seq`. The
 * order of transaction numbers would not do: a transaction has its number from its first write,
 * which may come long before it waits for the lock that gives its event its place.
 */
export function outboxFeed(db: Kysely<EventTables>): Feed {
  const settled = settledSequence(db)

  async function ageOfFirst(condition: RawBuilder<unknown>): Promise<number> {
    const { rows } = await sql<{ age: number }>`
      select greatest(0, extract(epoch from clock_timestamp() - recorded_at))::float8 as age
      from outbox_message where ${condition} order by seq limit 1`.execute(db)
    return rows[0]?.age ?? 0
  }

  return {
    name: OUTBOX_FEED,
    async read({ seq }, limit) {
      const last = await settled()
      if (last <= BigInt(seq)) return []
      const { rows } = await sql<FeedRow>`
        select '0' as xid, seq, ${EVENT} from outbox_message
        where seq > ${seq}::bigint and seq <= ${String(last)}::bigint
        order by seq limit ${limit}`.execute(db)
      return rows.map(entryOf)
    },

    async positionBefore(since) {
      const { rows } = await sql<FeedPosition>`
        (select '0' as xid, seq - 1 as seq from outbox_message
          where recorded_at >= ${since} order by seq limit 1)
        union all
        (select '0' as xid, seq from outbox_message order by seq desc limit 1)
        limit 1`.execute(db)
      return rows[0] ?? FEED_START
    },

    async backlog({ seq }) {
      const last = String(await settled())
      const behind = sql`seq > ${seq}::bigint`
      return {
        lagSeconds: await ageOfFirst(sql`${behind} and seq <= ${last}::bigint`),
        heldBackSeconds: await ageOfFirst(sql`${behind} and seq > ${last}::bigint`),
      }
    },
  }
}
