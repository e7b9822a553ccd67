/**
 * Recommendations: songs like those a user listens to, in the language they ask for. Owns
 * `reco_model` and `recommendation_cache`, and the models in the object store.
 */
export { DEFAULT_PARAMETERS } from './model/model-manifest.ts'
export { recommendationJobs, registerRecommendationJobs } from './recommendations.jobs.ts'

export { recommendationRoutes } from './recommendations.routes.ts'

export { recommendationService } from './recommendations.service.ts'
export { recommendationStore } from './recommendations.store.ts'
export type { RecommendationTables } from './recommendations.tables.ts'
export { modelStore } from './registry/model.store.ts'
export { modelLoader } from './registry/model-loader.ts'
export { trainingService } from './training.service.ts'
