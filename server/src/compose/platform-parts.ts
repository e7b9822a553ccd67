import { analyticsJobs, lakeJobs } from '#domains/analytics'
import { languageJobs } from '#domains/language'
import { musicJobs } from '#domains/music'
import { precomputeJob, recommendationJobs } from '#domains/recommendations'
import { createCache } from '#platform/cache'
import { type Clock, systemClock } from '#platform/clock'
import type { Config } from '#platform/config'
import { textSealer } from '#platform/crypto'
import { jobSender } from '#platform/jobs'
import { openRedis } from '#platform/redis'
import {
  createLogger,
  createMetrics,
  type Logger,
  noTracing,
  type Tracing,
} from '#platform/telemetry'
import { databaseParts } from './database-parts.ts'
import { objectParts } from './object-parts.ts'

export interface ComposeOptions {
  /** Names the process in logs, traces and the database: `api`, `worker`, `cli`. */
  role: string
  clock?: Clock
  logger?: Logger
  /** Already started, since it must be before anything that it traces. */
  tracing?: Tracing
}

export type Platform = ReturnType<typeof platformParts>

/** What every domain stands on. */
export function platformParts(config: Config, options: ComposeOptions) {
  const { role, clock = systemClock, tracing = noTracing } = options
  const logger = options.logger ?? createLogger(config.telemetry, { service: role })
  const metrics = createMetrics()
  const redis = config.redis && openRedis(config.redis, { logger, role })
  const { cache, close: closeCache } = createCache({ metrics, logger, redis })
  const { database, reads } = databaseParts(config, { role, logger, metrics })
  const jobsOptions = {
    databaseUrl: config.database.directUrl,
    logger,
    metrics,
    jobs: [
      ...musicJobs,
      ...languageJobs,
      ...recommendationJobs,
      precomputeJob,
      ...analyticsJobs,
      ...lakeJobs,
    ],
  }
  const jobs = jobSender(jobsOptions)
  const { objects, copiedObjects } = objectParts(config, { clock, logger, metrics })

  return {
    config,
    role,
    clock,
    tracing,
    logger,
    metrics,
    /** Undefined without Redis: then each process caches for itself. */
    redis,
    cache,
    database,
    db: database.db,
    /** Undefined without a replica: then reads are the primary's. */
    reads: reads.replica === undefined ? undefined : reads.db,
    sealer: textSealer(config.secrets.encryptionKeys),
    objects,
    copiedObjects,
    jobsOptions,
    jobs,
    /** In the order in which one needs the other. @throws never: gives what failed. */
    async close(): Promise<unknown[]> {
      const closed = await Promise.allSettled([jobs.stop()])
      closed.push(
        ...(await Promise.allSettled([
          closeCache().then(() => redis?.close()),
          objects.close(),
          reads.close().then(database.close),
          tracing.stop(),
        ])),
      )
      return closed.flatMap((one) => (one.status === 'rejected' ? [one.reason] : []))
    },
  }
}
