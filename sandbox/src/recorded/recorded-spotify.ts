import { parseSearchQuery } from '../spotify/search-query.ts'
import type {
  CursorPage,
  OffsetPage,
  SearchRequest,
  SpotifySource,
} from '../spotify/spotify-source.ts'
import { tokensOf } from '../text/tokens.ts'
import { isObject, type JsonObject, objectsOf, textOf } from './json.ts'
import type { SpotifyAnswers } from './spotify-answers.ts'

/** The recorded address with another page; null where no item was recorded. */
function linkTo(
  href: unknown,
  offset: number,
  { limit }: OffsetPage,
  items: number,
): string | null {
  if (offset < 0 || offset >= items) return null
  const url = new URL(textOf(href))
  url.searchParams.set('offset', String(offset))
  url.searchParams.set('limit', String(limit))
  return url.href
}

/**
 * A page of a recorded list. The page that was recorded comes back as it was; any other keeps the
 * recorded total, and its links end where the recording does.
 */
function pageOf(answer: JsonObject, page: OffsetPage): JsonObject {
  const { limit, offset } = page
  if (answer['limit'] === limit && answer['offset'] === offset) return answer
  const items = objectsOf(answer['items'])
  return {
    ...answer,
    items: items.slice(offset, offset + limit),
    limit,
    offset,
    next: linkTo(answer['href'], offset + limit, page, items.length),
    previous:
      offset === 0 ? null : linkTo(answer['href'], Math.max(0, offset - limit), page, items.length),
  }
}

function playedAtMs(item: JsonObject): number {
  return Date.parse(textOf(item['played_at']))
}

function recentPage(answer: JsonObject, { limit, beforeMs, afterMs }: CursorPage): JsonObject {
  const items = objectsOf(answer['items'])
    .filter((item) => afterMs === undefined || playedAtMs(item) > afterMs)
    .filter((item) => beforeMs === undefined || playedAtMs(item) < beforeMs)
    .slice(0, limit)
  const [first, last] = [items[0], items.at(-1)]
  if (first === undefined || last === undefined) {
    return { ...answer, items, limit, next: null, cursors: null }
  }
  const next = new URL(textOf(answer['href']))
  next.searchParams.set('before', String(playedAtMs(last)))
  next.searchParams.set('limit', String(limit))
  return {
    ...answer,
    items,
    limit,
    next: items.length === limit ? next.href : null,
    cursors: { after: String(playedAtMs(first)), before: String(playedAtMs(last)) },
  }
}

function byId(objects: readonly JsonObject[]): Map<string, JsonObject> {
  return new Map(objects.map((object) => [textOf(object['id']), object]))
}

function allTracks(answers: SpotifyAnswers): JsonObject[] {
  const inner = (answer: JsonObject) =>
    objectsOf(answer['items']).flatMap(({ track }) => (isObject(track) ? [track] : []))
  const { tracks } = answers.search
  return [
    ...inner(answers.recently_played_tracks),
    ...inner(answers.saved_tracks),
    ...(isObject(tracks) ? objectsOf(tracks['items']) : []),
    ...objectsOf(answers.top_tracks['items']),
  ]
}

/** The artists of the tracks come first, so that the fuller records replace them. */
function allArtists(answers: SpotifyAnswers, tracks: readonly JsonObject[]): JsonObject[] {
  const named = tracks.flatMap(({ artists }) => objectsOf(artists))
  return [...named, ...objectsOf(answers.top_artists['items']), answers.artist]
}

function searchAnswer(recorded: JsonObject, request: SearchRequest): JsonObject {
  const { words, fields } = parseSearchQuery(request.query)
  const asked = new Set(tokensOf([words, ...Object.values(fields)].join(' ')))
  const answer = request.types.map((type): [string, JsonObject] => {
    const list = recorded[`${type}s`]
    const query = isObject(list) ? new URL(textOf(list['href'])).searchParams.get('query') : null
    const same = query !== null && tokensOf(query).every((word) => asked.has(word))
    if (isObject(list) && same) return [`${type}s`, pageOf(list, request)]
    const { limit, offset } = request
    const href = `https://api.spotify.com/v1/search?offset=${offset}&limit=${limit}&query=${encodeURIComponent(request.query)}&type=${type}`
    return [`${type}s`, { href, limit, next: null, offset, previous: null, total: 0, items: [] }]
  })
  return Object.fromEntries(answer)
}

/** The Web API from recorded answers, for the one account that they were recorded with. */
export function recordedSpotify(answers: SpotifyAnswers): SpotifySource {
  const tracks = allTracks(answers)
  const trackById = byId(tracks)
  const artistById = byId(allArtists(answers, tracks))
  const me = answers.current_user
  const id = textOf(me['id'])
  return {
    accounts: [
      {
        id,
        login: id,
        languages: [],
        displayName: textOf(me['display_name']),
        summary: 'recorded account',
      },
    ],
    me: () => me,
    top: (_id, type, _range, page) => pageOf(answers[`top_${type}`], page),
    recentlyPlayed: (_id, page) => recentPage(answers.recently_played_tracks, page),
    saved: (_id, page) => pageOf(answers.saved_tracks, page),
    track: (trackId) => trackById.get(trackId),
    artist: (artistId) => artistById.get(artistId),
    search: (request) => searchAnswer(answers.search, request),
  }
}
