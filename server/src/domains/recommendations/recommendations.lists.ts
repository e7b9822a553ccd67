import type { Cache } from '#platform/cache'
import type { Clock } from '#platform/clock'
import { AppError } from '#platform/errors'
import type { Logger } from '#platform/telemetry'
import type { ComputeList } from './recommendations.compute.ts'
import type { RankedList } from './recommendations.schemas.ts'
import type { RecommendationStore } from './recommendations.store.ts'
import type { ModelLoader, ServedModel } from './registry/model-loader.ts'

export interface ListDependencies {
  store: RecommendationStore
  cache: Cache
  model: ModelLoader
  compute: ComputeList
  clock: Clock
  logger: Logger
}

export interface ServedList {
  list: RankedList
  /** An old list stands in for one that could not be made. */
  stale: boolean
}

const TTL_SECONDS = 3600
const POLICY = { ttlSeconds: TTL_SECONDS, staleSeconds: 2 * TTL_SECONDS }
const NO_MODEL = 'none'

const cacheKey = (userId: string, lang: string, modelVersion: string) =>
  `reco:${userId}:${lang}:${modelVersion}`

const isOurRefusal = (error: unknown) => error instanceof AppError && error.status < 500

/** Users' lists from memory, from the table, or made anew. */
export function keptLists({ store, cache, model, compute, clock, logger }: ListDependencies) {
  interface Wanted {
    userId: string
    lang: string
    model: ServedModel | undefined
  }

  async function fromTable({ userId, lang }: Wanted, modelVersion: string) {
    const stored = await store.list(userId, lang)
    const isFresh = stored?.modelVersion === modelVersion && stored.expiresAt > clock.now()
    return isFresh ? stored.list : undefined
  }

  async function make(wanted: Wanted, modelVersion: string): Promise<RankedList> {
    const list = await compute(wanted)
    if (list.seeds > 0) {
      const now = clock.now()
      const expiresAt = new Date(now.getTime() + TTL_SECONDS * 1000)
      await store.keep(wanted.userId, { list, modelVersion, expiresAt }, now)
    }
    return list
  }

  async function fallback(wanted: Wanted, error: unknown): Promise<ServedList> {
    const old = isOurRefusal(error) ? undefined : await store.list(wanted.userId, wanted.lang)
    if (old === undefined) throw error
    logger.warn({ error, user_id: wanted.userId }, 'old recommendations served')
    return { list: old.list, stale: true }
  }

  return {
    /** The list for a user and language, as long as it gets. @throws what computing throws. */
    async list(userId: string, lang: string): Promise<ServedList> {
      const served = await model.current()
      const modelVersion = served?.version ?? NO_MODEL
      const key = cacheKey(userId, lang, modelVersion)
      const wanted: Wanted = { userId, lang, model: served }
      let failed = false
      try {
        const list = await cache.through(key, POLICY, async () => {
          try {
            return (await fromTable(wanted, modelVersion)) ?? (await make(wanted, modelVersion))
          } catch (error) {
            failed = true
            throw error
          }
        })
        // A list that knows nothing of the user must not outlive their linking an account.
        if (list.seeds === 0) await cache.delete(key)
        return { list, stale: failed }
      } catch (error) {
        return fallback(wanted, error)
      }
    },

    /** Drops every list of a user: they are gone, or what they listen to is. */
    async forget(userId: string): Promise<void> {
      for (const { lang, modelVersion } of await store.forget(userId)) {
        await cache.delete(cacheKey(userId, lang, modelVersion))
      }
    },
  }
}
