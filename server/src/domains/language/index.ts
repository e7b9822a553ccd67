/**
 * Language: which language a track is sung in, with the evidence. Owns `track_language` and
 * `language_sweep`; reads titles, artists and ISRCs through music's catalogue.
 */
export { createDetector, detectorOnDemand, RECOMMENDABLE_CONFIDENCE } from './detector/detector.ts'
export { CONSTANTS_IN_USE, fitDetector, type LabelledSong } from './detector/fit.ts'
export type { Detection, TrackMetadata } from './detector/types.ts'
export { detectionOfNewTracks, languageJobs, registerLanguageJobs } from './language.jobs.ts'
export { languageRoutes } from './language.routes.ts'
export { languageService } from './language.service.ts'
export { languageStore } from './language.store.ts'
export type { LanguageTables } from './language.tables.ts'
