import type { Cache } from '#platform/cache'
import type { Clock } from '#platform/clock'
import { ProviderError } from '#platform/outbound'
import { findPage } from './find-page.ts'
import { lyricsNotConfigured, lyricsNotFound, lyricsProviderUnavailable } from './lyrics.errors.ts'
import type { LyricsProvider } from './lyrics.ports.ts'
import {
  DEFAULT_LIMIT,
  type LyricsHit,
  type LyricsPages,
  type LyricsQuery,
  type LyricsSearchQuery,
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

/** A provider's catalogue changes little in an hour; while it fails, an old answer is good enough. */
const CACHE_POLICY = { ttlSeconds: 45 * 60, staleSeconds: 4 * 3600 }
/** A stored answer is as good as a new one for this long; longer than the cache holds it. */
const FRESH_SECONDS = 60 * 60

export function lyricsService({ cache, providers, store, clock }: Dependencies): Lyrics {
  function isFresh({ searchedAt }: LyricsSearchRecord): boolean {
    return clock.now().getTime() - searchedAt.getTime() < FRESH_SECONDS * 1000
  }

  /** A fresh stored answer, else the providers', which is then stored. @throws ProviderError */
  async function lookUp(key: string, query: LyricsQuery) {
    const known = await store.find(key)
    if (known !== undefined && isFresh(known)) return known.hit
    const hit = await findPage(providers, query)
    await store.record(key, query, { hit, searchedAt: clock.now() })
    return hit
  }

  async function find(query: LyricsQuery) {
    const key = queryKey(query.artist, query.title)
    try {
      return await cache.through(`lyrics:song:${key}`, CACHE_POLICY, () => lookUp(key, query))
    } catch (error) {
      if (!(error instanceof ProviderError)) throw error
      // Outside the cache, so that the provider is asked again as soon as it is back.
      const known = await store.find(key)
      if (known === undefined) throw lyricsProviderUnavailable(error, error.retryAfterSeconds)
      return known.hit
    }
  }

  const attributionOf = (name: string) =>
    providers.find((provider) => provider.name === name)?.attribution ?? name

  return {
    async find(query) {
      if (providers.length === 0) throw lyricsNotConfigured()
      const hit = await find(query)
      if (hit === null) throw lyricsNotFound()
      return { ...hit, attribution: attributionOf(hit.provider) }
    },
    async search({ q, limit = DEFAULT_LIMIT }) {
      if (providers.length === 0) throw lyricsNotConfigured()
      try {
        const pages = await cache.through(`lyrics:search:${queryKey(q)}`, CACHE_POLICY, () =>
          searchPages(providers, q),
        )
        return { items: pages.slice(0, limit) }
      } catch (error) {
        if (!(error instanceof ProviderError)) throw error
        throw lyricsProviderUnavailable(error, error.retryAfterSeconds)
      }
    },
  }
}
