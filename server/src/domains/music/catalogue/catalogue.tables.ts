import type { ColumnType } from 'kysely'

export type Entity = 'artist' | 'track'
export type Namespace = 'isrc' | 'spotify' | 'youtube' | 'mbid' | 'name'

type Immutable<T> = ColumnType<T, T, never>

/** Where a stored fact came from, and until when it may be kept (null: for good). */
interface Provenance {
  origin: Immutable<string>
  fetched_at: Date
  expires_at: Date | null
}

export interface CatalogueTables {
  artist: { id: Immutable<string>; created_at: Immutable<Date> }
  artist_fact: Provenance & { artist_id: Immutable<string>; name: string; genres: string[] }
  track: { id: Immutable<string>; created_at: Immutable<Date> }
  track_fact: Provenance & {
    track_id: Immutable<string>
    title: string
    album: string | null
    release_year: number | null
    duration_ms: number | null
  }
  track_artist: {
    track_id: Immutable<string>
    origin: Immutable<string>
    position: Immutable<number>
    artist_id: string
  }
  external_id: Omit<Provenance, 'expires_at'> & {
    entity: Immutable<Entity>
    namespace: Immutable<Namespace>
    value: Immutable<string>
    entity_id: string
  }
}
