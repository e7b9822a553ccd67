import type { ColumnType } from 'kysely'
import type { LyricsHit } from './lyrics.schemas.ts'

export interface LyricsSearchTable {
  id: string
  query_key: string
  artist: string
  title: string
  found: boolean
  provider: string | null
  provider_id: string | null
  url: string | null
  page_artist: string | null
  page_title: string | null
  page_kind: LyricsHit['matched']['page'] | null
  score: number | null
  title_score: number | null
  artist_score: number | null
  language: string | null
  searched_at: ColumnType<Date, Date, Date>
}

export interface LyricsTables {
  lyrics_search: LyricsSearchTable
}
