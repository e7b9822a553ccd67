import { type Kysely, sql } from 'kysely'
import type { LinkTables } from '../links/link.tables.ts'
import type { ProviderName } from '../music.ports.ts'
import type { TimeRange } from '../music.schemas.ts'
import type { SnapshotTables, TopKind } from './snapshot.tables.ts'

/** Whose top list of what. */
export interface SnapshotKey {
  userId: string
  provider: ProviderName
  kind: TopKind
  timeRange: TimeRange
}

export interface Snapshot {
  itemIds: string[]
  fetchedAt: Date
}

export type SnapshotStore = ReturnType<typeof snapshotStore>

/** SQL over the last top lists that providers gave. */
export function snapshotStore(db: Kysely<SnapshotTables & LinkTables>) {
  return {
    /** Saves the list unless the link that it came through has gone meanwhile. */
    async save(key: SnapshotKey, linkId: string, snapshot: Snapshot): Promise<void> {
      await sql`
        insert into top_snapshot (user_id, provider, kind, time_range, item_ids, fetched_at)
        select ${key.userId}, ${key.provider}, ${key.kind}, ${key.timeRange},
          ${snapshot.itemIds}::uuid[], ${snapshot.fetchedAt}
        from (select id from provider_account where id = ${linkId} for share) as link
        on conflict (user_id, provider, kind, time_range) do update
          set item_ids = excluded.item_ids, fetched_at = excluded.fetched_at`.execute(db)
    },

    async snapshot({
      userId,
      provider,
      kind,
      timeRange,
    }: SnapshotKey): Promise<Snapshot | undefined> {
      const row = await db
        .selectFrom('top_snapshot')
        .select(['item_ids', 'fetched_at'])
        .where('user_id', '=', userId)
        .where('provider', '=', provider)
        .where('kind', '=', kind)
        .where('time_range', '=', timeRange)
        .executeTakeFirst()
      return row === undefined ? undefined : { itemIds: row.item_ids, fetchedAt: row.fetched_at }
    },
  }
}
