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
import { type ProfileTables, profileRoutes, profileService, profileStore } from '#domains/profile'
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
import { createLogger, createMetrics, type Logger, startTracing } from '#platform/telemetry'

type Tables = IdentityTables & ProfileTables

export interface ComposeOptions {
  /** Names the process in logs, traces and the database: `api`, `worker`, `cli`. */
  role: string
  clock?: Clock
  logger?: Logger
}

export type System = ReturnType<typeof compose>

/** Opens no connection yet: each part connects when it is first used. */
export function compose(config: Config, { role, clock = systemClock, ...given }: ComposeOptions) {
  const tracing = startTracing(config.telemetry, `music-language-${role}`)
  const logger = given.logger ?? createLogger(config.telemetry, { service: role })
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
  const jobsOptions = { databaseUrl: config.database.url, logger, metrics, jobs: [] }
  const jobs = jobSender(jobsOptions)

  // identity
  const identities = identityStore(db.$pickTables<keyof IdentityTables>())
  const keys = signingKeys({ store: identities, sealer, clock })
  const sessions = sessionsService({
    store: identities,
    access: accessTokens({
      keys,
      clock,
      issuer: config.http.publicUrl,
      ttlSeconds: config.identity.accessTokenTtlSeconds,
    }),
    refresh: refreshTokens(derivedSecret(config.secrets.appSecret, 'refresh-rotation')),
    cache,
    clock,
    config: config.identity,
    logger,
  })
  const identity = identityService({
    store: identities,
    passwords: passwordHasher(),
    sessions,
    clock,
  })

  // profile
  const profile = profileService({
    store: profileStore(db.$pickTables<keyof ProfileTables>()),
    identity,
    clock,
  })

  return {
    logger,
    metrics,
    jobs,
    identity,
    profile,
    /** @throws when PostgreSQL does not answer. */
    checkDatabase: database.ping,

    /** The API with every domain's routes, not yet listening. */
    async httpServer(health: Health = { check: database.ping }): Promise<HttpServer> {
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
      return app
    },

    /** Takes jobs of every kind until stopped. */
    async jobWorker(): Promise<JobWorker & { stop(): Promise<void> }> {
      const worker = await startJobWorker(jobsOptions)
      return worker
    },

    /** Releases everything; call once, after the HTTP server and the worker have stopped. */
    async close(): Promise<void> {
      await jobs.stop()
      await closeCache()
      await database.close()
      await tracing.stop()
    },
  }
}
