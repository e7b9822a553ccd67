import { type Kysely, sql } from 'kysely'
import type { FeedPosition } from '#platform/events'
import type { AnalyticsTables } from '../analytics.tables.ts'

/** A table that holds the events of one month. */
export interface Partition {
  name: string
  month: Date
  /**
   * attached: part of `analytics_event`. pending: being detached. detached: to be dropped.
   */
  state: 'attached' | 'pending' | 'detached'
}

interface Row {
  name: string
  attached: boolean
  pending: boolean
}

const NAME = /^analytics_event_(\d{4})_(\d{2})$/

export type PartitionStore = ReturnType<typeof partitionStore>

/** SQL over the months that events are stored in. Names of tables come from PostgreSQL's catalogue. */
export function partitionStore(db: Kysely<AnalyticsTables>) {
  return {
    /** False when the month is there. @throws 55P03 when a lock is not had in time. */
    async add(month: Date): Promise<boolean> {
      const { rows } = await sql<{ added: boolean }>`
        select analytics_event_add_month((${month}::timestamptz at time zone 'UTC')::date) as added
      `.execute(db)
      return rows[0]?.added === true
    },

    /** The earliest first. */
    async list(): Promise<Partition[]> {
      const { rows } = await sql<Row>`
        select relation.relname as name, link.inhrelid is not null as attached,
          coalesce(link.inhdetachpending, false) as pending
        from pg_class relation
        left join pg_inherits link on link.inhrelid = relation.oid
        where relation.relkind = 'r' and relation.relname ~ '^analytics_event_[0-9]{4}_[0-9]{2}$'
          and pg_table_is_visible(relation.oid)
        order by relation.relname`.execute(db)
      return rows.map(partitionOf)
    },

    /** Where the last event of a partition stands in the feed; undefined when it is empty. */
    async lastPosition({ name }: Partition): Promise<FeedPosition | undefined> {
      const { rows } = await sql<FeedPosition>`
        select xid, seq from ${sql.table(name)} order by xid desc, seq desc limit 1`.execute(db)
      return rows[0]
    },

    /**
     * Drops a month, without a lock that reads or writes of other months would wait for. What an
     * attempt leaves undone, the next one does.
     */
    async drop({ name, state }: Partition): Promise<void> {
      const table = sql.table(name)
      if (state === 'attached') {
        await sql`alter table analytics_event detach partition ${table} concurrently`.execute(db)
      } else if (state === 'pending') {
        await sql`alter table analytics_event detach partition ${table} finalize`.execute(db)
      }
      await sql`drop table ${table}`.execute(db)
    },

    /** Forgets the keys of events before a day, `limit` of them; gives how many there were. */
    async dropKeysBefore(day: string, limit: number): Promise<number> {
      const { numAffectedRows = 0n } = await sql`
        delete from analytics_event_key where ctid = any(array(
          select ctid from analytics_event_key where occurred_on < ${day}::date limit ${limit}
        ))`.execute(db)
      return Number(numAffectedRows)
    },
  }
}

function partitionOf({ name, attached, pending }: Row): Partition {
  const [, year, month] = NAME.exec(name) ?? []
  return {
    name,
    month: new Date(Date.UTC(Number(year), Number(month) - 1)),
    state: pending ? 'pending' : attached ? 'attached' : 'detached',
  }
}
