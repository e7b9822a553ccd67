import { type Kysely, sql } from 'kysely'
import { v7 as uuidv7 } from 'uuid'
import type { HistoryTables } from './history.tables.ts'

export interface Listen {
  listenerId: string
  listenedAt: Date
  trackId: string
}

export interface Interaction {
  listenerId: string
  trackId: string
  /** How often, at least 1. */
  plays: number
}

export type HistoryStore = ReturnType<typeof historyStore>

/** SQL over who listened to what when. `reads` may be a little behind, which training does not mind. */
export function historyStore(db: Kysely<HistoryTables>, reads = db) {
  return {
    /** The ids of listeners by name, adding those that are new. */
    async listenerIds(
      source: string,
      names: readonly string[],
      now: Date,
    ): Promise<Map<string, string>> {
      // In one order for everybody, so that two imports cannot wait for each other.
      const sorted = [...new Set(names)].toSorted()
      const ids = sorted.map(() => uuidv7())
      await sql`
        insert into listener (id, user_id, source, external_name, created_at)
        select id, null, ${source}, name, ${now}
        from unnest(${ids}::uuid[], ${sorted}::text[]) as said (id, name)
        on conflict (source, external_name) do nothing`.execute(db)
      const rows = await db
        .selectFrom('listener')
        .select(['id', 'external_name'])
        .where('source', '=', source)
        .where('external_name', '=', sql<string>`any(${sorted}::text[])`)
        .execute()
      return new Map(rows.map((row) => [row.external_name, row.id]))
    },

    /** @returns how many of the listens were new. */
    async addListens(listens: readonly Listen[], origin: string): Promise<number> {
      const listeners = listens.map(({ listenerId }) => listenerId)
      const times = listens.map(({ listenedAt }) => listenedAt.toISOString())
      const tracks = listens.map(({ trackId }) => trackId)
      const { numAffectedRows } = await sql`
        insert into listen (listener_id, listened_at, track_id, origin)
        select listener_id, listened_at, track_id, ${origin}
        from unnest(${listeners}::uuid[], ${times}::timestamptz[], ${tracks}::uuid[])
          as said (listener_id, listened_at, track_id)
        order by listener_id, listened_at, track_id
        on conflict do nothing`.execute(db)
      return Number(numAffectedRows ?? 0n)
    },

    async listenerIdsAfter(listenerId: string | null, limit: number): Promise<string[]> {
      const rows = await reads
        .selectFrom('listener')
        .select('id')
        .$if(listenerId !== null, (query) => query.where('id', '>', listenerId ?? ''))
        .orderBy('id')
        .limit(limit)
        .execute()
      return rows.map(({ id }) => id)
    },

    /** The plays of some listeners, a track at a time, from the given origins only. */
    async interactions(
      listenerIds: readonly string[],
      origins: readonly string[],
    ): Promise<Interaction[]> {
      const rows = await reads
        .selectFrom('listen')
        .select(['listener_id', 'track_id', (build) => build.fn.countAll<string>().as('plays')])
        .where('listener_id', '=', sql<string>`any(${listenerIds}::uuid[])`)
        .where('origin', 'in', origins)
        .groupBy(['listener_id', 'track_id'])
        .orderBy('listener_id')
        .orderBy('track_id')
        .execute()
      return rows.map((row) => ({
        listenerId: row.listener_id,
        trackId: row.track_id,
        plays: Number(row.plays),
      }))
    },
  }
}
