import { type Kysely, type RawBuilder, sql } from 'kysely'
import { FEED_START, type Feed, type FeedPosition } from './feed.ts'
import { type EventColumns, entryOf, type FeedRow, selectEvent } from './feed-row.ts'

/**
 * A table with columns `xid` (the transaction's number) and `seq`, whose rows are each written by a
 * transaction that does nothing else, so that of two writes the later has the greater number.
 */
export interface TableFeedOptions {
  name: string
  /** Undefined for any. */
  topics?: readonly string[]
  table: string
  columns: EventColumns
}

/**
 * Of transactions below it none runs any more, so no row can still appear there. Rows of a later
 * one wait, even when they are committed: a slower neighbour with a smaller number may follow.
 */
const HORIZON = sql`pg_snapshot_xmin(pg_current_snapshot())`

const after = ({ xid, seq }: FeedPosition) => sql`(xid, seq) > (${xid}::xid8, ${seq}::bigint)`

/** Reads a table as a feed in the order of its transactions, by its index on (xid, seq). */
export function tableFeed<Tables>(db: Kysely<Tables>, options: TableFeedOptions): Feed {
  const { name, topics, columns } = options
  const table = sql.table(options.table)

  async function ageOfFirst(condition: RawBuilder<unknown>): Promise<number> {
    const { rows } = await sql<{ age: number }>`
      select greatest(0, extract(epoch from clock_timestamp() - ${columns.recordedAt}))::float8 as age
      from ${table} where ${condition} order by xid, seq limit 1`.execute(db)
    return rows[0]?.age ?? 0
  }

  return {
    name,
    ...(topics !== undefined && { topics }),
    async read(position, limit) {
      const { rows } = await sql<FeedRow>`
        select xid, seq, ${selectEvent(columns)} from ${table}
        where ${after(position)} and xid < ${HORIZON}
        order by xid, seq limit ${limit}`.execute(db)
      return rows.map(entryOf)
    },

    async positionBefore(since) {
      // Along the order of commits, not of time: of two that overlapped, either may be the older.
      const { rows } = await sql<FeedPosition>`
        (select xid, seq - 1 as seq from ${table}
          where ${columns.recordedAt} >= ${since} order by xid, seq limit 1)
        union all
        (select xid, seq from ${table} order by xid desc, seq desc limit 1)
        limit 1`.execute(db)
      return rows[0] ?? FEED_START
    },

    async backlog(position) {
      return {
        lagSeconds: await ageOfFirst(sql`${after(position)} and xid < ${HORIZON}`),
        heldBackSeconds: await ageOfFirst(sql`${after(position)} and xid >= ${HORIZON}`),
      }
    },
  }
}
