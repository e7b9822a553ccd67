import { Type } from 'typebox'
import type { Cache } from '#platform/cache'
import { AppError } from '#platform/errors'
import { ProviderError } from '#platform/outbound'
import type { TrackCatalogue } from '../catalogue/track-catalogue.ts'
import type { AccountLinks } from '../links/account-links.ts'
import { publicFault, queryRefused, trackNotFound } from '../music.errors.ts'
import type { TrackLanguages } from '../music.ports.ts'
import type {
  TimeRange,
  TopArtists,
  TopTracks,
  Track,
  TrackFacts,
  TrackSearch,
} from '../music.schemas.ts'
import type { TopList, TopLists } from './top-lists.ts'

export interface MusicLibraryDependencies {
  links: AccountLinks
  catalogue: TrackCatalogue
  topLists: TopLists
  languages: TrackLanguages
  cache: Cache
}

interface TopRequest {
  /** 1-50 */
  limit: number
  timeRange: TimeRange
}

/** Music as a user sees it, with the language of each track. */
export interface MusicLibrary {
  /** @throws AppError of the link or the provider when there is nothing to show. */
  topTracks(userId: string, request: TopRequest): Promise<TopTracks>
  topArtists(userId: string, request: TopRequest): Promise<TopArtists>
  /** Searches through the user's link. `limit`: 1-10. */
  search(userId: string, request: { text: string; limit: number }): Promise<TrackSearch>
  /** @throws AppError `music.track_not_found` */
  track(trackId: string): Promise<Track>
}

const PROVIDER = 'spotify'
const SEARCH_POLICY = { ttlSeconds: 600, shape: Type.Array(Type.String()) }
/** One call serves every smaller limit too; it is also the most that can be asked for. */
const SEARCHED_ITEMS = 10

/** Faults that come from the link that was used and say nothing of others. */
const LINK_FAULTS = new Set(['music.not_linked', 'music.relink_required', 'music.provider_refused'])

function isLinkFault(error: unknown): boolean {
  const fault = publicFault(error)
  return fault instanceof AppError && LINK_FAULTS.has(fault.code)
}

const isQueryFault = (error: unknown) =>
  error instanceof ProviderError && error.fault === 'rejected' && error.status === 400

export function musicLibrary(dependencies: MusicLibraryDependencies): MusicLibrary {
  const { links, catalogue, topLists, languages, cache } = dependencies

  async function withLanguage(facts: readonly TrackFacts[]): Promise<Track[]> {
    const found = await languages.languagesOf(facts.map(({ trackId }) => trackId))
    return facts.flatMap((one) => {
      const language = found.get(one.trackId)
      return language === undefined ? [] : [{ ...one, language }]
    })
  }

  function envelope({ fetchedAt, stale }: TopList, timeRange: TimeRange) {
    const { attribution } = links.provider(PROVIDER)
    return { timeRange, fetchedAt: fetchedAt.toISOString(), stale, attribution: { ...attribution } }
  }

  async function searchIds(userId: string, text: string): Promise<string[]> {
    const provider = links.provider(PROVIDER)
    const query = { text, limit: SEARCHED_ITEMS }
    const tracks = await links.withAccess(userId, PROVIDER, (t) => provider.searchTracks(t, query))
    const facts = await catalogue.record(tracks, PROVIDER)
    return [...new Set(facts.map(({ trackId }) => trackId))]
  }

  /** One search for all who ask the same, as long as the link that it goes through is good. */
  async function sharedSearch(userId: string, words: string): Promise<string[]> {
    let isOwn = false
    for (;;) {
      try {
        return await cache.through(
          `track-search:${PROVIDER}:${words.toLowerCase()}`,
          SEARCH_POLICY,
          () => {
            isOwn = true
            return searchIds(userId, words)
          },
        )
      } catch (error) {
        // Ends: each round takes out the user whose link it was.
        if (isOwn || !isLinkFault(error)) throw error
      }
    }
  }

  return {
    async topTracks(userId, { limit, timeRange }) {
      const list = await topLists.top(userId, PROVIDER, 'tracks', timeRange)
      const facts = await catalogue.byIds(list.itemIds.slice(0, limit))
      return { items: await withLanguage(facts), ...envelope(list, timeRange) }
    },

    async topArtists(userId, { limit, timeRange }) {
      const list = await topLists.top(userId, PROVIDER, 'artists', timeRange)
      const items = await catalogue.artistsByIds(list.itemIds.slice(0, limit))
      return { items, ...envelope(list, timeRange) }
    },

    async search(userId, { text, limit }) {
      const { attribution } = links.provider(PROVIDER)
      // What is found is the same for everybody, but only for users with a link of their own.
      await links.linkId(userId, PROVIDER)
      const words = text.normalize('NFC').trim().replaceAll(/\s+/g, ' ')
      try {
        const trackIds = await sharedSearch(userId, words)
        const facts = await catalogue.byIds(trackIds.slice(0, limit))
        return { items: await withLanguage(facts), attribution: { ...attribution } }
      } catch (error) {
        throw isQueryFault(error) ? queryRefused(error) : publicFault(error)
      }
    },

    async track(trackId) {
      const [track] = await withLanguage(await catalogue.byIds([trackId]))
      if (track === undefined) throw trackNotFound()
      return track
    },
  }
}
