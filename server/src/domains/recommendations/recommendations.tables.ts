import type { ColumnType, Generated } from 'kysely'

type Immutable<T> = ColumnType<T, T, never>
/** Written as JSON text, read parsed. */
type Json<Update> = ColumnType<unknown, string, Update>

export interface RecommendationTables {
  reco_model: {
    id: Immutable<string>
    version: Immutable<string>
    algorithm: Immutable<string>
    object_key: Immutable<string>
    sha256: Immutable<string>
    /** bigint, which the driver gives as text. */
    size_bytes: ColumnType<string, number, never>
    manifest: Json<never>
    status: 'active' | 'retired'
    created_at: Immutable<Date>
    /** Tells which of several models made in one instant came last. */
    sequence: Generated<string>
  }
  recommendation_cache: {
    user_id: Immutable<string>
    lang: Immutable<string>
    link_generation: string
    recommendations: Json<string>
    model_version: string
    updated_at: Date
    expires_at: Date
  }
  reco_precompute: {
    id: Immutable<string>
    started_at: Immutable<Date>
    after_user_id: string | null
    users: Generated<number>
    lists: Generated<number>
    skipped: Generated<number>
    updated_at: Date
    finished_at: ColumnType<Date | null, never, Date>
  }
}
