import { type Kysely, sql } from 'kysely'
import type { CatalogueTables } from './catalogue.tables.ts'

/** SQL that reads what all origins say. */
export function factReads(db: Kysely<CatalogueTables>) {
  return {
    trackFacts: (trackIds: readonly string[]) =>
      db
        .selectFrom('track_fact')
        .select(['track_id', 'origin', 'title', 'album', 'release_year', 'duration_ms'])
        .select('expires_at')
        .where('track_id', '=', sql<string>`any(${trackIds}::uuid[])`)
        .execute(),

    credits: (trackIds: readonly string[]) =>
      db
        .selectFrom('track_artist')
        .select(['track_id', 'origin', 'artist_id'])
        .where('track_id', '=', sql<string>`any(${trackIds}::uuid[])`)
        .orderBy('position')
        .execute(),

    artistFacts: (artistIds: readonly string[]) =>
      db
        .selectFrom('artist_fact')
        .select(['artist_id', 'origin', 'name', 'genres', 'expires_at'])
        .where('artist_id', '=', sql<string>`any(${artistIds}::uuid[])`)
        .execute(),

    /** Oldest first: where an entity has several ids of one kind, the first is the one shown. */
    externalIds: (entityIds: readonly string[]) =>
      db
        .selectFrom('external_id')
        .select(['entity_id', 'namespace', 'value'])
        .where('entity_id', '=', sql<string>`any(${entityIds}::uuid[])`)
        .where('namespace', '!=', 'name')
        .orderBy('fetched_at')
        .orderBy('value')
        .execute(),

    /** Only tracks of which something is known. */
    async trackIdsAfter(trackId: string | null, limit: number): Promise<string[]> {
      const rows = await db
        .selectFrom('track')
        .select('id')
        .where(({ exists, selectFrom }) =>
          exists(selectFrom('track_fact').whereRef('track_id', '=', 'track.id')),
        )
        .$if(trackId !== null, (query) => query.where('id', '>', trackId ?? ''))
        .orderBy('id')
        .limit(limit)
        .execute()
      return rows.map(({ id }) => id)
    },

    /** In rounds: one track of each artist, then a second of each, and so on. */
    async trackIdsOfArtists(artistIds: readonly string[], limit: number): Promise<string[]> {
      const { rows } = await sql<{ track_id: string }>`
        select track_id from (
          select distinct on (track_id) track_id,
            dense_rank() over (partition by artist_id order by track_id) as round
          from track_artist where artist_id = any(${artistIds}::uuid[])
          order by track_id, round
        ) as credited
        order by round, track_id
        limit ${limit}`.execute(db)
      return rows.map((row) => row.track_id)
    },
  }
}

export type FactReads = ReturnType<typeof factReads>
