/**
 * Recommendations: songs like those a user listens to, in the language they ask for. Owns
 * `reco_model` and `recommendation_cache`, and the models in the object store.
 */
export { DEFAULT_PARAMETERS, type ItemKnnParameters } from './model/model-manifest.ts'
export { recommendationJobs, registerRecommendationJobs, trainJob } from './recommendations.jobs.ts'
export type {
  DetectedLanguages,
  LanguagePreferences,
  ListenedMusic,
  TrackCatalogue,
  TrainingMusic,
} from './recommendations.ports.ts'
export { recommendationRoutes } from './recommendations.routes.ts'
export type { Recommendation, Recommendations } from './recommendations.schemas.ts'
export {
  type RecommendationDependencies,
  type RecommendationService,
  recommendationService,
} from './recommendations.service.ts'
export { recommendationStore } from './recommendations.store.ts'
export type { RecommendationTables } from './recommendations.tables.ts'
export { modelStore } from './registry/model.store.ts'
export { type ModelLoader, modelLoader } from './registry/model-loader.ts'
export { type Training, type TrainingOutcome, trainingService } from './training.service.ts'
