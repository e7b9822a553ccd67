import { type Cache, createCache } from '#platform/cache'
import { createLogger, createMetrics } from '#platform/telemetry'
import { recommendationService } from './recommendations.service.ts'
import type { RecommendationStore } from './recommendations.store.ts'
import type { ServedModel } from './registry/model-loader.ts'
import {
  catalogueOf,
  languagesIn,
  listenerTo,
  MIN_CONFIDENCE,
  type Song,
  servedModelOf,
} from './small-world.ts'

const SONGS: readonly Song[] = [
  { name: 'hey', artists: 'Ann', language: 'en' },
  { name: 'sol', artists: 'Carla', language: 'es' },
  { name: 'mar', artists: 'Diego', language: 'es' },
]

export const smallModel = () => servedModelOf(SONGS, { u: 'hey sol', v: 'hey sol mar' })

export interface Start {
  store: RecommendationStore
  model: ServedModel
  top?: string | null
  wanted?: string[]
  /** Of the user's link; by default one that is there unless `top` is null. */
  link?: string
  cache?: Cache
}

/** A process of its own: with a memory cache that is empty, on the tables that all share. */
export function startProcess({ store, model, top = 'hey', wanted = ['es'], ...user }: Start) {
  const logger = createLogger({ logLevel: 'silent' }, { service: 'test' })
  const listener = listenerTo(SONGS, top ?? undefined)
  const state = {
    now: new Date('2026-11-02T00:00:00Z'),
    link: user.link ?? (top === null ? 'none' : 'one'),
    broken: false,
    /** How often the seeds were asked for, and how often languages were. */
    computed: 0,
    ranked: 0,
    /** What happens while seeds are read. */
    meanwhile: async () => {},
    model,
  }
  const languages = languagesIn(SONGS)
  const service = recommendationService({
    store,
    cache: user.cache ?? createCache({ metrics: createMetrics(), logger }).cache,
    model: { current: async () => state.model },
    music: {
      linkGeneration: async () => state.link,
      async topTrackSeeds(userId) {
        state.computed += 1
        await state.meanwhile()
        if (state.broken) throw new Error('music is down')
        return listener.topTrackSeeds(userId)
      },
    },
    catalogue: catalogueOf(SONGS),
    language: {
      async languagesOf(ids) {
        state.ranked += 1
        return languages.languagesOf(ids)
      },
    },
    profile: { preferredLanguages: async () => wanted },
    minConfidence: MIN_CONFIDENCE,
    clock: { now: () => state.now },
    logger,
  })
  return { service, state }
}
