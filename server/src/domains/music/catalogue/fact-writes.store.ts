import { type Kysely, sql } from 'kysely'
import type { CatalogueTables } from './catalogue.tables.ts'
import type { ArtistEntry, TrackEntry } from './catalogue-entry.ts'
import type { Provenance } from './provenance.ts'

export interface IdentifiedTrack {
  trackId: string
  entry: TrackEntry
  artistIds: readonly string[]
}

export interface IdentifiedArtist {
  artistId: string
  entry: ArtistEntry
}

/**
 * SQL that writes what one origin says. Rows go in by id, so that two transactions over the same
 * ones lock them in the same order; a row that says the same is rewritten once a day only, to
 * renew its date.
 */
export function factWrites(db: Kysely<CatalogueTables>, source: Provenance) {
  const { origin, fetchedAt, expiresAt } = source
  return {
    async addTracks(ids: readonly string[]): Promise<void> {
      if (ids.length === 0) return
      const rows = ids.map((id) => ({ id, created_at: fetchedAt }))
      await db.insertInto('track').values(rows).execute()
    },

    async addArtists(ids: readonly string[]): Promise<void> {
      if (ids.length === 0) return
      const rows = ids.map((id) => ({ id, created_at: fetchedAt }))
      await db.insertInto('artist').values(rows).execute()
    },

    async saveArtists(artists: readonly IdentifiedArtist[]): Promise<void> {
      const rows = artists.map(({ artistId, entry: { name, genres } }) => ({
        artist_id: artistId,
        name,
        genres: genres ?? null,
      }))
      await sql`
        insert into artist_fact as known (artist_id, origin, name, genres, fetched_at, expires_at)
        select artist_id, ${origin}, name, coalesce(genres, '{}'), ${fetchedAt}, ${expiresAt}
        from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
          as said (artist_id uuid, name text, genres text[])
        order by artist_id
        on conflict (artist_id, origin) do update set
          name = excluded.name,
          genres = case when excluded.genres = '{}' then known.genres else excluded.genres end,
          fetched_at = excluded.fetched_at,
          expires_at = excluded.expires_at
        where known.name <> excluded.name
          or (excluded.genres <> '{}' and known.genres <> excluded.genres)
          or known.fetched_at < excluded.fetched_at - interval '1 day'`.execute(db)
    },

    async saveTracks(tracks: readonly IdentifiedTrack[]): Promise<void> {
      const rows = tracks.map(({ trackId, entry }) => ({
        track_id: trackId,
        title: entry.title,
        album: entry.album,
        release_year: entry.releaseYear,
        duration_ms: entry.durationMs,
      }))
      await sql`
        insert into track_fact as known
          (track_id, origin, title, album, release_year, duration_ms, fetched_at, expires_at)
        select track_id, ${origin}, title, album, release_year, duration_ms,
          ${fetchedAt}, ${expiresAt}
        from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as said
          (track_id uuid, title text, album text, release_year smallint, duration_ms integer)
        order by track_id
        on conflict (track_id, origin) do update set
          title = excluded.title,
          album = excluded.album,
          release_year = excluded.release_year,
          duration_ms = excluded.duration_ms,
          fetched_at = excluded.fetched_at,
          expires_at = excluded.expires_at
        where (known.title, known.album, known.release_year, known.duration_ms) is distinct from
            (excluded.title, excluded.album, excluded.release_year, excluded.duration_ms)
          or known.fetched_at < excluded.fetched_at - interval '1 day'`.execute(db)
    },

    /** After `saveTracks`, whose row locks keep two writers of one track apart. */
    async saveCredits(tracks: readonly IdentifiedTrack[]): Promise<void> {
      const rows = tracks.flatMap(({ trackId, artistIds }) =>
        artistIds.map((artistId, position) => ({
          track_id: trackId,
          position,
          artist_id: artistId,
        })),
      )
      await sql`
        insert into track_artist as known (track_id, origin, position, artist_id)
        select track_id, ${origin}, position, artist_id
        from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
          as said (track_id uuid, position smallint, artist_id uuid)
        on conflict (track_id, origin, position) do update set artist_id = excluded.artist_id
        where known.artist_id <> excluded.artist_id`.execute(db)
      const trackIds = tracks.map(({ trackId }) => trackId)
      const counts = tracks.map(({ artistIds }) => artistIds.length)
      await sql`
        delete from track_artist
        using unnest(${trackIds}::uuid[], ${counts}::smallint[]) as said (track_id, artists)
        where track_artist.track_id = said.track_id
          and track_artist.origin = ${origin}
          and track_artist.position >= said.artists`.execute(db)
    },
  }
}

export type FactWrites = ReturnType<typeof factWrites>
