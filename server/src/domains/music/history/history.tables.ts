import type { ColumnType } from 'kysely'

type Immutable<T> = ColumnType<T, T, never>

export interface HistoryTables {
  listener: {
    id: Immutable<string>
    user_id: string | null
    source: Immutable<string>
    external_name: Immutable<string>
    created_at: Immutable<Date>
  }
  listen: {
    listener_id: Immutable<string>
    listened_at: Immutable<Date>
    track_id: Immutable<string>
    origin: Immutable<string>
  }
}
