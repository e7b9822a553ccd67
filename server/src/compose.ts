/** Builds the system out of its parts: the only file that sees all of them. */
import {
  accessTokens,
  type IdentityTables,
  identityRoutes,
  identityService,
  identityStore,
  keySetRoutes,
  passwordHasher,
  refreshTokens,
  sessionsService,
  signingKeys,
} from '#domains/identity'
import {
  createDetector,
  detectionOfNewTracks,
  detectorOnDemand,
  type LanguageTables,
  languageJobs,
  languageRoutes,
  languageService,
  languageStore,
  RECOMMENDABLE_CONFIDENCE,
  registerLanguageJobs,
  type TrackMetadata,
} from '#domains/language'
import { type LyricsTables, lyricsRoutes, lyricsService, lyricsStore } from '#domains/lyrics'
import {
  accountLinks,
  catalogueStore,
  factExpiryStore,
  historyStore,
  linkRoutes,
  linkStore,
  listeningHistory,
  type MusicTables,
  musicExpiry,
  musicJobs,
  musicLibrary,
  musicRoutes,
  registerMusicJobs,
  snapshotStore,
  TRAINING_ORIGINS,
  topLists,
  topTrackSeeds,
  trackCatalogue,
} from '#domains/music'
import { type ProfileTables, profileRoutes, profileService, profileStore } from '#domains/profile'
import {
  DEFAULT_PARAMETERS,
  modelLoader,
  modelStore,
  type RecommendationTables,
  recommendationJobs,
  recommendationRoutes,
  recommendationService,
  recommendationStore,
  registerRecommendationJobs,
  trainingService,
} from '#domains/recommendations'
import { createCache } from '#platform/cache'
import { type Clock, systemClock } from '#platform/clock'
import type { Config } from '#platform/config'
import { derivedSecret, textSealer } from '#platform/crypto'
import { openDatabase } from '#platform/db'
import {
  createHttpServer,
  docsRoutes,
  type Health,
  type HttpServer,
  serviceRoutes,
} from '#platform/http'
import { type JobWorker, jobSender, startJobWorker } from '#platform/jobs'
import { fileObjectStore } from '#platform/objects'
import {
  createLogger,
  createMetrics,
  type Logger,
  noTracing,
  type Tracing,
} from '#platform/telemetry'
import { geniusProvider, spotifyProvider } from '#providers'

type Tables = IdentityTables &
  ProfileTables &
  MusicTables &
  LyricsTables &
  LanguageTables &
  RecommendationTables

export interface ComposeOptions {
  /** Names the process in logs, traces and the database: `api`, `worker`, `cli`. */
  role: string
  clock?: Clock
  logger?: Logger
  /** Already started, since it must be before anything that it traces. */
  tracing?: Tracing
}

export type System = ReturnType<typeof compose>

/** Opens no connection yet: each part connects when it is first used. */
export function compose(config: Config, options: ComposeOptions) {
  const { role, clock = systemClock, tracing = noTracing } = options
  const { publicUrl } = config.http

  // platform
  const logger = options.logger ?? createLogger(config.telemetry, { service: role })
  const metrics = createMetrics()
  const { cache, close: closeCache } = createCache({ metrics, logger })
  const database = openDatabase<Tables>({
    ...config.database,
    applicationName: `music-language ${role}`,
    observe: ({ durationMs, failed }) =>
      metrics.dbDuration.observe({ outcome: failed ? 'failed' : 'ok' }, durationMs / 1000),
    onIdleError: (error) => logger.warn({ error }, 'a database connection was lost'),
  })
  const { db } = database
  const sealer = textSealer(config.secrets.encryptionKeys)
  const objects = fileObjectStore({ dataDir: config.dataDir })
  const jobsOptions = {
    databaseUrl: config.database.url,
    logger,
    metrics,
    jobs: [...musicJobs, ...languageJobs, ...recommendationJobs],
  }
  const jobs = jobSender(jobsOptions)

  // providers
  const spotify = config.spotify && spotifyProvider({ config: config.spotify, metrics })
  const genius = config.genius && geniusProvider({ config: config.genius, metrics })

  // identity
  const identities = identityStore(db.$pickTables<keyof IdentityTables>())
  const keys = signingKeys({
    store: identities,
    sealer,
    clock,
    tokenTtlSeconds: config.identity.accessTokenTtlSeconds,
  })
  const sessions = sessionsService({
    store: identities,
    access: accessTokens({
      keys,
      clock,
      issuer: publicUrl,
      ttlSeconds: config.identity.accessTokenTtlSeconds,
    }),
    refresh: refreshTokens(derivedSecret(config.secrets.appSecret, 'refresh-rotation')),
    cache,
    clock,
    config: config.identity,
    logger,
  })
  const passwords = passwordHasher()
  const identity = identityService({ store: identities, passwords, sessions, clock })

  // profile
  const profiles = profileStore(db.$pickTables<keyof ProfileTables>())
  const profile = profileService({ store: profiles, identity, clock })

  // lyrics
  const lyrics = lyricsService({
    store: lyricsStore(db.$pickTables<keyof LyricsTables>()),
    providers: genius === undefined ? [] : [genius],
    cache,
    clock,
  })

  // music, as far as language builds on it
  const musicTables = db.$pickTables<keyof MusicTables>()
  const catalogue = trackCatalogue({
    store: catalogueStore(musicTables),
    tracksAdded: detectionOfNewTracks(jobs),
    clock,
  })

  // language
  const detector = detectorOnDemand()
  const language = languageService({
    store: languageStore(db.$pickTables<keyof LanguageTables>()),
    tracks: catalogue,
    detector,
    clock,
  })

  // music, the rest of it
  const links = accountLinks({
    store: linkStore(musicTables),
    sealer,
    providers: spotify === undefined ? [] : [spotify],
    sessionIsLive: sessions.isLive,
    linkChanged: (userId) => recommendations.forget(userId),
    clock,
    logger,
    publicUrl,
  })
  const lists = topLists({ links, catalogue, store: snapshotStore(musicTables), cache, clock })
  const library = musicLibrary({ links, catalogue, topLists: lists, languages: language, cache })
  const history = listeningHistory({ store: historyStore(musicTables), catalogue, clock })
  const expiry = musicExpiry({
    facts: factExpiryStore(musicTables),
    links: linkStore(musicTables),
    clock,
  })

  // recommendations
  const models = modelStore(db.$pickTables<keyof RecommendationTables>())
  const minConfidence = RECOMMENDABLE_CONFIDENCE
  const recommendations = recommendationService({
    store: recommendationStore(db.$pickTables<keyof RecommendationTables>()),
    model: modelLoader({
      store: models,
      objects,
      clock,
      logger,
      observe: (outcome) => metrics.modelLoads.inc({ outcome }),
    }),
    music: topTrackSeeds({ topLists: lists, catalogue }),
    catalogue,
    language,
    profile,
    minConfidence,
    cache,
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

  return {
    logger,
    metrics,
    identity,
    catalogue,
    history,
    language,
    training,
    /** @throws when PostgreSQL does not answer or lacks a migration. */
    checkDatabase: database.checkReady,

    /** The API with every domain's routes, not yet listening. */
    async httpServer(health: Health = { check: database.checkReady }): Promise<HttpServer> {
      const app = await createHttpServer({
        config: config.http,
        logger,
        metrics,
        tracing: tracing.enabled,
        authenticate: sessions.authenticate,
      })
      await app.register(serviceRoutes, { health })
      await app.register(docsRoutes)
      await app.register(keySetRoutes, { keys })
      await app.register(identityRoutes, { prefix: '/auth', identity })
      await app.register(profileRoutes, { prefix: '/users', profile })
      await app.register(linkRoutes, { links, publicUrl })
      await app.register(musicRoutes, { prefix: '/music', library })
      await app.register(languageRoutes, { prefix: '/language', language })
      await app.register(recommendationRoutes, { prefix: '/reco', recommendations })
      await app.register(lyricsRoutes, { prefix: '/lyrics', lyrics })
      return app
    },

    /** Takes jobs of every kind until stopped. */
    async jobWorker(): Promise<JobWorker & { stop(): Promise<void> }> {
      const worker = await startJobWorker(jobsOptions)
      await registerMusicJobs(worker, { expiry, logger })
      await registerLanguageJobs(worker, { language, logger })
      await registerRecommendationJobs(worker, { training })
      return worker
    },

    /**
     * Releases everything; call once, after the HTTP server and the worker have stopped.
     * @throws the failures, after the rest is released all the same.
     */
    async close(): Promise<void> {
      const closed = await Promise.allSettled([jobs.stop(), spotify?.close(), genius?.close()])
      closed.push(...(await Promise.allSettled([closeCache(), database.close(), tracing.stop()])))
      const failures = closed.flatMap((one) => (one.status === 'rejected' ? [one.reason] : []))
      if (failures.length > 0) throw new AggregateError(failures, 'not everything was closed')
    },
  }
}

/** What the detector makes of a song, without a system around it. Loads it: half a second, 50 MB. */
export async function detectLanguage(song: TrackMetadata) {
  return (await createDetector()).detect(song)
}
