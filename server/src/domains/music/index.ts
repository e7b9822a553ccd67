/**
 * Music: what there is to listen to, what users listen to, and the accounts they link. Owns
 * `artist`, `artist_fact`, `track`, `track_fact`, `track_artist`, `external_id`,
 * `provider_account`, `link_attempt`, `top_snapshot`, `listener` and `listen`.
 */
export { catalogueStore } from './catalogue/catalogue.store.ts'
export { factExpiryStore } from './catalogue/fact-expiry.store.ts'
export { factReads } from './catalogue/fact-reads.store.ts'
export { type TrackCatalogue, trackCatalogue } from './catalogue/track-catalogue.ts'
export { historyStore } from './history/history.store.ts'
export { listeningHistory } from './history/listening-history.ts'
export { TRAINING_ORIGINS } from './history/training-interactions.ts'
export { musicLibrary } from './library/music-library.ts'
export { snapshotStore } from './library/snapshot.store.ts'
export { topLists } from './library/top-lists.ts'
export { topTrackSeeds } from './library/top-track-seeds.ts'
export { accountLinks } from './links/account-links.ts'
export { linkRoutes } from './links/link.routes.ts'
export { linkStore } from './links/link.store.ts'
export { musicExpiry } from './music.expiry.ts'
export { musicJobs, registerMusicJobs } from './music.jobs.ts'
export type {
  AccountProvider,
  ListeningProvider,
  MusicProvider,
  ProviderAccount,
  ProviderArtist,
  ProviderGrant,
  ProviderTrack,
  SearchProvider,
  TopPage,
  TrackLanguages,
  TracksAdded,
} from './music.ports.ts'
export { musicRoutes } from './music.routes.ts'
export { type TrackFacts, TrackLanguage } from './music.schemas.ts'
export type { MusicTables } from './music.tables.ts'
