import { Type } from 'typebox'
import { type Cache, userTag } from '#platform/cache'
import type { Clock } from '#platform/clock'
import { AppError } from '#platform/errors'
import type { Logger } from '#platform/telemetry'
import type { ComputeList } from './recommendations.compute.ts'
import type { ListenedMusic } from './recommendations.ports.ts'
import { RankedList } from './recommendations.schemas.ts'
import { seedsOf } from './recommendations.seeds.ts'
import type { RecommendationStore } from './recommendations.store.ts'
import type { ModelLoader, ServedModel } from './registry/model-loader.ts'

export interface ListDependencies {
  store: RecommendationStore
  cache: Cache
  model: ModelLoader
  music: ListenedMusic
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
const TIMES = { ttlSeconds: TTL_SECONDS, staleSeconds: 2 * TTL_SECONDS }
const POPULAR_POLICY = { ...TIMES, shape: RankedList }
const ownPolicy = (userId: string) => ({
  ...TIMES,
  tags: [userTag(userId)],
  shape: Type.Union([RankedList, Type.Null()]),
})
const NO_MODEL = 'none'
const NO_LINK = 'none'

interface Wanted {
  userId: string
  lang: string
  linkGeneration: string
  model: ServedModel | undefined
  modelVersion: string
}

// The link is part of the key, so unlinking makes what is kept unreachable, in every process.
const ownKey = ({ userId, lang, linkGeneration, modelVersion }: Wanted) =>
  `reco:${userId}:${linkGeneration}:${lang}:${modelVersion}`
const popularKey = ({ lang, modelVersion }: Wanted) => `reco:popular:${lang}:${modelVersion}`

const isOurRefusal = (error: unknown) => error instanceof AppError && error.status < 500

/** Users' lists from memory, from the table, or made anew. */
export function keptLists(dependencies: ListDependencies) {
  const { store, cache, model, music, compute, clock, logger } = dependencies

  /** The list that any process has made within the hour, and how long it may still be kept. */
  async function fromTable({ userId, lang, linkGeneration, modelVersion }: Wanted) {
    const stored = await store.list(userId, lang, linkGeneration)
    const leftMs = (stored?.expiresAt.getTime() ?? 0) - clock.now().getTime()
    if (stored?.modelVersion !== modelVersion || leftMs <= 0) return undefined
    return { list: stored.list, leftSeconds: leftMs / 1000 }
  }

  /** Null when nothing is known of the user. */
  async function make(wanted: Wanted): Promise<RankedList | null> {
    const { userId, lang, linkGeneration, modelVersion } = wanted
    const seeds = await seedsOf(music, userId)
    if (seeds.length === 0) return null
    const list = await compute({ lang, seeds, model: wanted.model })
    const now = clock.now()
    const expiresAt = new Date(now.getTime() + TTL_SECONDS * 1000)
    await store.keep(userId, { list, linkGeneration, modelVersion, expiresAt }, now)
    // A link that ended meanwhile was forgotten before this was kept.
    if ((await music.linkGeneration(userId)) !== linkGeneration) {
      await store.forgetLink(userId, linkGeneration)
    }
    return list
  }

  async function fallback(wanted: Wanted, error: unknown): Promise<ServedList> {
    const { userId, lang, linkGeneration } = wanted
    const old = isOurRefusal(error) ? undefined : await store.list(userId, lang, linkGeneration)
    if (old === undefined) throw error
    logger.warn({ error, user_id: userId }, 'old recommendations served')
    return { list: old.list, stale: true }
  }

  /** Undefined when nothing is known of the user. */
  async function own(wanted: Wanted): Promise<ServedList | undefined> {
    try {
      const { value: list, stale } = await cache.throughAged(
        ownKey(wanted),
        ownPolicy(wanted.userId),
        async ({ keepFor }) => {
          const stored = await fromTable(wanted)
          if (stored === undefined) return make(wanted)
          keepFor(stored.leftSeconds)
          return stored.list
        },
      )
      return list === null ? undefined : { list, stale }
    } catch (error) {
      return fallback(wanted, error)
    }
  }

  /** The list of everybody of whom nothing is known. */
  async function popular(wanted: Wanted): Promise<ServedList> {
    const { lang, model: served } = wanted
    const { value: list, stale } = await cache.throughAged(popularKey(wanted), POPULAR_POLICY, () =>
      compute({ lang, seeds: [], model: served }),
    )
    return { list, stale }
  }

  return {
    /** The list for a user and language, as long as it gets. @throws what computing throws. */
    async list(userId: string, lang: string): Promise<ServedList> {
      const linkGeneration = await music.linkGeneration(userId)
      const served = await model.current()
      const modelVersion = served?.version ?? NO_MODEL
      const wanted: Wanted = { userId, lang, linkGeneration, model: served, modelVersion }
      const mine = linkGeneration === NO_LINK ? undefined : await own(wanted)
      return mine ?? popular(wanted)
    },

    /** Drops all that is kept of a user: they are gone, or what they listen to is. */
    async forget(userId: string): Promise<void> {
      await store.forget(userId)
      await cache.deleteByTag(userTag(userId))
    },
  }
}
