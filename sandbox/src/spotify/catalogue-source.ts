import type { Catalogue, Track } from '../catalogue/catalogue.ts'
import type { Listener, Population } from '../listeners/population.ts'
import { languagesOfScene } from '../listeners/scenes.ts'
import { catalogueSearch } from './catalogue-search.ts'
import { pagingObject } from './paging.ts'
import { recentlyPlayed } from './recently-played.ts'
import { SpotifyError } from './spotify-error.ts'
import { API_PATH, artistObject, images, references, spotifyObjects } from './spotify-objects.ts'
import type {
  Account,
  JsonObject,
  OffsetPage,
  SearchRequest,
  SpotifySource,
} from './spotify-source.ts'

const AVATAR_SIZES = [300, 64]
/** The Web API never gives more results than this. */
const MOST_RESULTS = 1_000

function languagesOf({ profile }: Listener): string[] {
  const weights = new Map<string, number>()
  for (const [name, weight] of Object.entries(profile.scenes)) {
    for (const language of languagesOfScene(name)) {
      weights.set(language, (weights.get(language) ?? 0) + weight)
    }
  }
  return [...weights].sort((a, b) => b[1] - a[1]).map(([language]) => language)
}

function toAccount(listener: Listener): Account {
  const { id, profile } = listener
  const named = new Intl.DisplayNames('en', { type: 'language' })
  const languages = languagesOf(listener)
  const listed = languages.map((tag) => (tag === 'zxx' ? 'instrumental' : (named.of(tag) ?? tag)))
  return {
    id,
    login: profile.login,
    displayName: profile.displayName,
    languages,
    summary: `${profile.country}: ${listed.join(', ')}`,
  }
}

/** `/me`: the country and the subscription need user-read-private, the e-mail user-read-email. */
function profileObject(
  listener: Listener,
  scopes: ReadonlySet<string>,
  origin: string,
): JsonObject {
  const { id, accountId, profile, email, product } = listener
  return {
    ...references('user', id, origin),
    account_id: accountId,
    display_name: profile.displayName,
    followers: { href: null, total: listener.listening.saved.length % 90 },
    images: images(id, AVATAR_SIZES, origin),
    ...(scopes.has('user-read-private')
      ? {
          country: profile.country,
          explicit_content: { filter_enabled: false, filter_locked: false },
          product,
        }
      : {}),
    ...(scopes.has('user-read-email') ? { email } : {}),
  }
}

function searchHref(origin: string, { query, limit }: SearchRequest, type: string) {
  return (offset: number) =>
    `${origin}${API_PATH}/search?offset=${offset}&limit=${limit}&query=${encodeURIComponent(query)}&type=${type}`
}

/** The Web API over the catalogue and its made-up listeners. */
export function catalogueSource(catalogue: Catalogue, population: Population): SpotifySource {
  const objects = spotifyObjects(catalogue)
  const search = catalogueSearch(catalogue)

  function listener(accountId: string): Listener {
    const found = population.listenerById.get(accountId)
    if (found === undefined) throw new SpotifyError(404, 'Resource not found')
    return found
  }

  function known(trackIndex: number): Track {
    const track = catalogue.tracks[trackIndex]
    if (track === undefined) throw new RangeError(`track ${trackIndex} is unknown`)
    return track
  }

  function results(request: SearchRequest, type: string, origin: string): JsonObject {
    const hrefAt = searchHref(origin, request, type)
    const common = { page: request, most: MOST_RESULTS, href: hrefAt(request.offset), hrefAt }
    if (type === 'track') {
      const items = search.tracks(request.query)
      return pagingObject({ ...common, items, toJson: (track) => objects.track(track, origin) })
    }
    // Only tracks and artists are kept here; every other type finds nothing.
    const items = type === 'artist' ? search.artists(request.query) : []
    return pagingObject({ ...common, items, toJson: (artist) => artistObject(artist, origin) })
  }

  function listPaging<T>(
    path: string,
    items: readonly T[],
    page: OffsetPage,
    toJson: (item: T) => JsonObject,
  ): JsonObject {
    const hrefAt = (offset: number) => `${path}offset=${offset}&limit=${page.limit}`
    return pagingObject({ items, page, href: hrefAt(page.offset), hrefAt, toJson })
  }

  return {
    accounts: population.listeners.map(toAccount),
    me: (accountId, scopes, origin) => profileObject(listener(accountId), scopes, origin),
    top(accountId, type, range, page, origin) {
      const { listening } = listener(accountId)
      const path = `${origin}${API_PATH}/me/top/${type}?time_range=${range}&`
      if (type === 'tracks') {
        const toJson = (index: number) => objects.track(known(index), origin)
        return listPaging(path, listening.topTracks(range), page, toJson)
      }
      const artists = listening
        .topArtists(range)
        .flatMap((id) => catalogue.artistById.get(id) ?? [])
      return listPaging(path, artists, page, (artist) => artistObject(artist, origin))
    },
    recentlyPlayed(accountId, page, origin) {
      const { plays } = listener(accountId).listening
      return recentlyPlayed(plays, page, `${origin}${API_PATH}`, ({ trackIndex, playedAtMs }) => ({
        track: objects.track(known(trackIndex), origin, false),
        played_at: new Date(playedAtMs).toISOString(),
        context: objects.albumContext(known(trackIndex), origin),
      }))
    },
    saved(accountId, page, origin) {
      const { saved } = listener(accountId).listening
      const path = `${origin}${API_PATH}/me/tracks?`
      return listPaging(path, saved, page, ({ trackIndex, savedAtMs }) => ({
        // Spotify gives whole seconds here, and milliseconds for plays.
        added_at: `${new Date(savedAtMs).toISOString().slice(0, 19)}Z`,
        track: objects.track(known(trackIndex), origin),
      }))
    },
    track(id, origin) {
      const track = catalogue.trackById.get(id)
      return track && objects.track(track, origin)
    },
    artist(id, origin) {
      const artist = catalogue.artistById.get(id)
      return artist && artistObject(artist, origin)
    },
    search: (request, origin) =>
      Object.fromEntries(request.types.map((type) => [`${type}s`, results(request, type, origin)])),
  }
}
