import type { Config } from '#platform/config'
import {
  databaseMetrics,
  openDatabase,
  openReads,
  type SlowQuery,
  serverActivity,
} from '#platform/db'
import type { Logger, Metrics } from '#platform/telemetry'
import type { Tables } from './tables.ts'

interface Surroundings {
  role: string
  logger: Logger
  metrics: Metrics
}

/** The database, and reads of it that may be a little old; both observed. */
export function databaseParts({ database: config }: Config, surroundings: Surroundings) {
  const { role, logger, metrics } = surroundings
  const counts = databaseMetrics(metrics.registry)
  const options = (server: 'primary' | 'replica') => ({
    ...config,
    applicationName: `music-language ${role}`,
    observe: ({ durationMs, failed }: { durationMs: number; failed: boolean }) =>
      metrics.dbDuration.observe({ outcome: failed ? 'failed' : 'ok' }, durationMs / 1000),
    onSlow: ({ statement, durationMs, failed }: SlowQuery) => {
      counts.slowQueries.inc({ server })
      logger.warn({ statement, duration_ms: durationMs, failed, server }, 'slow query')
    },
    onIdleError: (error: Error) => logger.warn({ error, server }, 'a database connection was lost'),
    onSilence({ silent }: { silent: boolean }) {
      if (silent) logger.warn({ server }, 'the database does not answer: it is not asked meanwhile')
      else logger.info({ server }, 'the database answers again')
    },
  })
  const database = openDatabase<Tables>(options('primary'))
  const reads = openReads<Tables>({
    ...options('replica'),
    primary: database,
    onAnswer: (server) => counts.reads.inc({ server }),
    onReplicaChange({ usable, error }) {
      if (usable) logger.info('the replica is in use')
      else logger.warn({ error }, 'the replica is not in use: late, or not there')
    },
  })
  counts.expose({
    pools: {
      primary: database.poolState,
      ...(reads.replica !== undefined && { replica: reads.replica.poolState }),
    },
    activity: () => serverActivity(database.db),
    ...(reads.replica !== undefined && { replicaLag: reads.replica.lagSeconds }),
  })
  return { database, reads }
}
