import { Type } from 'typebox'
import type { Aged, Cache, Loading } from '#platform/cache'
import type { Clock } from '#platform/clock'
import { ProviderError } from '#platform/outbound'
import { findPage } from './find-page.ts'
import { lyricsNotConfigured, lyricsNotFound, lyricsProviderUnavailable } from './lyrics.errors.ts'
import type { LyricsProvider } from './lyrics.ports.ts'
import {
  type LyricsHit,
  LyricsPage,
  type LyricsPages,
  type LyricsQuery,
  type LyricsSearchQuery,
  StoredHit,
} from './lyrics.schemas.ts'
import type { LyricsSearchRecord, LyricsStore } from './lyrics.store.ts'
import { queryKey } from './query-key.ts'
import { searchPages } from './search-pages.ts'

export interface Lyrics {
  /**
   * The page that holds a song's words.
   * @throws AppError `lyrics.not_found`, `lyrics.not_configured`, `lyrics.provider_unavailable`.
   */
  find(query: LyricsQuery): Promise<LyricsHit>
  /**
   * Pages for a free-text query, in the providers' order.
   * @throws AppError `lyrics.not_configured`, `lyrics.provider_unavailable`.
   */
  search(query: LyricsSearchQuery): Promise<LyricsPages>
}

interface Dependencies {
  cache: Cache
  /** Asked in this order. */
  providers: readonly LyricsProvider[]
  store: LyricsStore
  clock: Clock
}

/** A provider's catalogue changes little in an hour. In the table and in the cache together. */
const FRESH_SECONDS = 60 * 60
/** So that the end of the hour is no rush to the table. */
const MIN_CACHED_SECONDS = 60
/** While a provider fails, an old answer is good enough. */
const STALE_SECONDS = 4 * 60 * 60
/** That a song was not found is kept as well. */
const SONG_POLICY = {
  ttlSeconds: FRESH_SECONDS,
  staleSeconds: STALE_SECONDS,
  shape: Type.Union([StoredHit, Type.Null()]),
}
const SEARCH_POLICY = {
  ttlSeconds: 45 * 60,
  staleSeconds: STALE_SECONDS,
  shape: Type.Array(LyricsPage),
}

export function lyricsService({ cache, providers, store, clock }: Dependencies): Lyrics {
  /** How long a stored answer is still as good as a new one; 0 or less when it is not. */
  function freshSeconds({ searchedAt }: LyricsSearchRecord): number {
    return FRESH_SECONDS - (clock.now().getTime() - searchedAt.getTime()) / 1000
  }

  /** A fresh stored answer, else the providers', which is then stored. @throws ProviderError */
  async function lookUp(key: string, query: LyricsQuery, { keepFor }: Loading) {
    const known = await store.find(key)
    const leftSeconds = known === undefined ? 0 : freshSeconds(known)
    if (known !== undefined && leftSeconds > 0) {
      keepFor(Math.max(leftSeconds, MIN_CACHED_SECONDS))
      return known.hit
    }
    const hit = await findPage(providers, query)
    await store.record(key, query, { hit, searchedAt: clock.now() })
    return hit
  }

  async function find(query: LyricsQuery): Promise<Aged<StoredHit | null>> {
    const key = queryKey(query.artist, query.title)
    try {
      return await cache.throughAged(`lyrics:song:${key}`, SONG_POLICY, (loading) =>
        lookUp(key, query, loading),
      )
    } catch (error) {
      if (!(error instanceof ProviderError)) throw error
      // Outside the cache, so that the provider is asked again as soon as it is back.
      const known = await store.find(key)
      if (known === undefined) throw lyricsProviderUnavailable(error, error.retryAfterSeconds)
      return { value: known.hit, stale: true }
    }
  }

  const attributionOf = (name: string) =>
    providers.find((provider) => provider.name === name)?.attribution ?? name

  return {
    async find(query) {
      if (providers.length === 0) throw lyricsNotConfigured()
      const { value: hit, stale } = await find(query)
      if (hit === null) throw lyricsNotFound()
      return { ...hit, attribution: attributionOf(hit.provider), ...(stale && { stale }) }
    },
    async search({ q, limit }) {
      if (providers.length === 0) throw lyricsNotConfigured()
      try {
        const { value: pages, stale } = await cache.throughAged(
          `lyrics:search:${queryKey(q)}`,
          SEARCH_POLICY,
          () => searchPages(providers, q),
        )
        return { items: pages.slice(0, limit), ...(stale && { stale }) }
      } catch (error) {
        if (!(error instanceof ProviderError)) throw error
        throw lyricsProviderUnavailable(error, error.retryAfterSeconds)
      }
    },
  }
}
