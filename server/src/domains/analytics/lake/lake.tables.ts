import type { ColumnType, Generated } from 'kysely'

export interface LakeTables {
  lake_file: {
    id: string
    path: string
    event_type: string
    /** `YYYY-MM-DD` */
    event_date: ColumnType<string, string, never>
    row_count: number
    size_bytes: ColumnType<string, number, never>
    sha256: string
    users: Buffer
    state: Generated<'live' | 'replaced'>
    created_at: Generated<Date>
    delete_after: Date | null
  }
  lake_erasure: {
    user_id: string
    erased_at: Date
  }
}
