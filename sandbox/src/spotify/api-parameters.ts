import { wholeNumber } from '../http/parameters.ts'
import type { TimeRange } from '../listeners/listening.ts'
import { SpotifyError } from './spotify-error.ts'
import type { CursorPage, OffsetPage, SearchRequest } from './spotify-source.ts'

type Query = Readonly<Record<string, string | undefined>>

const BASE62_ID = /^[0-9A-Za-z]{22}$/
const LAST_OFFSET = 100_000
const LAST_SEARCH_OFFSET = 1_000
const SEARCH_TYPES = ['album', 'artist', 'playlist', 'track', 'show', 'episode', 'audiobook']

function number(query: Query, name: string, fallback: number, least: number, most: number): number {
  const text = query[name]
  if (text === undefined) return fallback
  const value = wholeNumber(text, least, most)
  if (value === undefined) throw new SpotifyError(400, `Invalid ${name}`)
  return value
}

/** `limit` 1 to 50, default 20; `offset` from 0. @throws SpotifyError 400 */
export function offsetPage(query: Query): OffsetPage {
  return {
    limit: number(query, 'limit', 20, 1, 50),
    offset: number(query, 'offset', 0, 0, LAST_OFFSET),
  }
}

/** `limit` as above, and one of the cursors `before` and `after` in ms. @throws SpotifyError 400 */
export function cursorPage(query: Query): CursorPage {
  const { before, after } = query
  if (before !== undefined && after !== undefined) {
    throw new SpotifyError(400, 'Only one of before and after may be specified')
  }
  const latest = Number.MAX_SAFE_INTEGER
  return {
    limit: number(query, 'limit', 20, 1, 50),
    ...(before === undefined ? {} : { beforeMs: number(query, 'before', 0, 0, latest) }),
    ...(after === undefined ? {} : { afterMs: number(query, 'after', 0, 0, latest) }),
  }
}

/** @throws SpotifyError 400 */
export function timeRange(query: Query): TimeRange {
  const range = query['time_range'] ?? 'medium_term'
  if (range === 'short_term' || range === 'medium_term' || range === 'long_term') return range
  throw new SpotifyError(400, 'Invalid time range')
}

/** `limit` 1 to 10, default 5. @throws SpotifyError 400 */
export function searchRequest(query: Query): SearchRequest {
  const words = query['q']?.trim() ?? ''
  if (words === '') throw new SpotifyError(400, 'No search query')
  const types = (query['type'] ?? '').split(',').filter((type) => type !== '')
  if (types.length === 0) throw new SpotifyError(400, 'Missing parameter type')
  const unknown = types.find((type) => !SEARCH_TYPES.includes(type))
  if (unknown !== undefined) throw new SpotifyError(400, `Bad search type field ${unknown}`)
  return {
    query: words,
    types: [...new Set(types)],
    limit: number(query, 'limit', 5, 1, 10),
    offset: number(query, 'offset', 0, 0, LAST_SEARCH_OFFSET),
  }
}

/** @throws SpotifyError 400 */
export function base62Id(id: string | undefined): string {
  if (id === undefined || !BASE62_ID.test(id)) throw new SpotifyError(400, 'Invalid base62 id')
  return id
}
