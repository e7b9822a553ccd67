import type { Kysely } from 'kysely'
import { v7 as uuidv7 } from 'uuid'
import type { LyricsQuery, StoredHit } from './lyrics.schemas.ts'
import type { LyricsSearchTable, LyricsTables } from './lyrics.tables.ts'

export interface LyricsSearchRecord {
  /** Null for a search that found nothing. */
  hit: StoredHit | null
  searchedAt: Date
}

export interface LyricsStore {
  find(queryKey: string): Promise<LyricsSearchRecord | undefined>
  /** Replaces what was known of the query, unless that is newer. */
  record(queryKey: string, query: LyricsQuery, found: LyricsSearchRecord): Promise<void>
}

type FoundColumns = Omit<
  LyricsSearchTable,
  'id' | 'query_key' | 'artist' | 'title' | 'searched_at'
> & { searched_at: Date }

function columnsOf({ hit, searchedAt }: LyricsSearchRecord): FoundColumns {
  return {
    found: hit !== null,
    provider: hit?.provider ?? null,
    provider_id: hit?.providerId ?? null,
    url: hit?.url ?? null,
    page_artist: hit?.artist ?? null,
    page_title: hit?.title ?? null,
    page_kind: hit?.matched.page ?? null,
    score: hit?.score ?? null,
    title_score: hit?.matched.title ?? null,
    artist_score: hit?.matched.artist ?? null,
    language: hit?.language ?? null,
    searched_at: searchedAt,
  }
}

/**
 * What is known from earlier searches, so that a restart does not ask the provider again. `reads` may
 * be a little behind: what it lacks is looked for in `db`, before a provider is asked twice.
 */
export function lyricsStore(db: Kysely<LyricsTables>, reads = db): LyricsStore {
  const rowOf = (source: Kysely<LyricsTables>, queryKey: string) =>
    source
      .selectFrom('lyrics_search')
      .selectAll()
      .where('query_key', '=', queryKey)
      .executeTakeFirst()

  return {
    async find(queryKey) {
      const known = await rowOf(reads, queryKey)
      const row = known ?? (reads === db ? undefined : await rowOf(db, queryKey))
      return row === undefined
        ? undefined
        : { hit: row.found ? hitOf(row) : null, searchedAt: row.searched_at }
    },
    async record(queryKey, { artist, title }, found) {
      const columns = columnsOf(found)
      await db
        .insertInto('lyrics_search')
        .values({ id: uuidv7(), query_key: queryKey, artist, title, ...columns })
        .onConflict((conflict) =>
          conflict
            .column('query_key')
            .doUpdateSet(columns)
            .where('lyrics_search.searched_at', '<=', found.searchedAt),
        )
        .execute()
    },
  }
}

/** The table's own check makes every column of a found page non-null. */
function hitOf(row: Omit<FoundColumns, 'searched_at'>): StoredHit {
  return {
    title: row.page_title ?? '',
    artist: row.page_artist ?? '',
    url: row.url ?? '',
    provider: row.provider ?? '',
    providerId: row.provider_id ?? '',
    language: row.language,
    score: row.score ?? 0,
    matched: {
      title: row.title_score ?? 0,
      artist: row.artist_score ?? 0,
      page: row.page_kind ?? 'original',
    },
  }
}
