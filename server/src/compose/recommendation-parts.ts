import { activeUserStore, type IdentityTables } from '#domains/identity'
import { type languageService, RECOMMENDABLE_CONFIDENCE } from '#domains/language'
import {
  type listeningHistory,
  TRAINING_ORIGINS,
  type topLists,
  topTrackSeeds,
  type trackCatalogue,
} from '#domains/music'
import type { profileService } from '#domains/profile'
import {
  DEFAULT_PARAMETERS,
  modelLoader,
  modelStore,
  precomputeService,
  precomputeStore,
  type RecommendationTables,
  recommendationService,
  recommendationStore,
  trainingService,
} from '#domains/recommendations'
import type { Platform } from './platform-parts.ts'

interface Dependencies {
  catalogue: ReturnType<typeof trackCatalogue>
  lists: ReturnType<typeof topLists>
  history: ReturnType<typeof listeningHistory>
  language: ReturnType<typeof languageService>
  profile: ReturnType<typeof profileService>
}

export function recommendationParts(platform: Platform, dependencies: Dependencies) {
  const { config, db, objects, copiedObjects, cache, clock, logger, metrics } = platform
  const { catalogue, lists, history, language, profile } = dependencies
  const tables = db.$pickTables<keyof RecommendationTables>()
  const models = modelStore(tables)
  const minConfidence = RECOMMENDABLE_CONFIDENCE
  const listened = topTrackSeeds({ topLists: lists, catalogue })
  const model = modelLoader({
    store: models,
    objects: copiedObjects,
    clock,
    logger,
    observe: (outcome) => metrics.modelLoads.inc({ outcome }),
  })
  const recommendations = recommendationService({
    store: recommendationStore(tables),
    model,
    music: listened,
    catalogue,
    language,
    profile,
    minConfidence,
    cache,
    clock,
    logger,
  })
  const precompute = precomputeService({
    store: precomputeStore(tables),
    lists: recommendationStore(tables),
    users: activeUserStore(db.$pickTables<keyof IdentityTables>()),
    model,
    music: listened,
    catalogue,
    language,
    profile,
    minConfidence,
    everyHours: config.worker.precomputeEveryHours,
    activeDays: config.worker.activeDays,
    clock,
    logger,
  })
  const training = trainingService({
    store: models,
    objects,
    music: history,
    language,
    minConfidence,
    parameters: DEFAULT_PARAMETERS,
    origins: [...TRAINING_ORIGINS],
    clock,
    logger,
  })
  return { recommendations, listened, precompute, training }
}
