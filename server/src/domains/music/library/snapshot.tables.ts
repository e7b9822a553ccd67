import type { ColumnType } from 'kysely'
import type { TimeRange } from '../music.schemas.ts'

export type TopKind = 'tracks' | 'artists'

type Immutable<T> = ColumnType<T, T, never>

export interface SnapshotTables {
  top_snapshot: {
    user_id: Immutable<string>
    provider: Immutable<string>
    kind: Immutable<TopKind>
    time_range: Immutable<TimeRange>
    item_ids: string[]
    fetched_at: Date
  }
}
