/**
 * Recommendations: songs like those a user listens to, in the language they ask for. Owns
 * `reco_model`, `recommendation_cache` and `reco_precompute`, and the models in the object store.
 */
export { DEFAULT_PARAMETERS } from './model/model-manifest.ts'
export { precomputeJob, registerPrecomputeJob } from './precompute/precompute.jobs.ts'
export { precomputeService } from './precompute/precompute.service.ts'
export { precomputeStore } from './precompute/precompute.store.ts'
export { recommendationJobs, registerRecommendationJobs } from './recommendations.jobs.ts'

export { recommendationRoutes } from './recommendations.routes.ts'

export { type Recommender, recommendationService } from './recommendations.service.ts'
export { recommendationStore } from './recommendations.store.ts'
export type { RecommendationTables } from './recommendations.tables.ts'
export { modelStore } from './registry/model.store.ts'
export { modelLoader } from './registry/model-loader.ts'
export { internalRecommendationRoutes } from './remote/internal.routes.ts'
export { INTERNAL_PREFIX, INTERNAL_SCOPE } from './remote/internal-api.ts'
export { recoClient } from './remote/reco-client.ts'
export { remoteRecommendations } from './remote/remote-recommendations.ts'
export { trainingService } from './training.service.ts'
