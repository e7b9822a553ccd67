/** A worker of one job whose effect can be counted, built on the system's own queue. */
import { sql } from 'kysely'
import { readConfig } from '#platform/config'
import { openDatabase } from '#platform/db'
import { startJobWorker } from '#platform/jobs'
import { createLogger, createMetrics, metricsServer } from '#platform/telemetry'
import { countingJob } from './counting-job.ts'

interface Tables {
  proof_effect: { number: number }
}

const config = readConfig()
const logger = createLogger(config.telemetry, { service: 'counting-worker' })
const metrics = createMetrics()
const { db } = openDatabase<Tables>({
  ...config.database,
  applicationName: 'counting-worker',
  observe: () => undefined,
  onIdleError: (error) => logger.warn({ error }, 'a database connection was lost'),
})
const worker = await startJobWorker({
  databaseUrl: config.database.directUrl,
  logger,
  metrics,
  jobs: [countingJob],
  schedules: false,
})
await worker.handle(countingJob, async ({ number }, { completeWithin }) => {
  await db.transaction().execute(async (transaction) => {
    await transaction.insertInto('proof_effect').values({ number }).execute()
    // Wide enough for a kill to fall between the effect and its mark.
    await sql`select pg_sleep(0.02)`.execute(transaction)
    await completeWithin(transaction)
  })
})
await metricsServer(metrics, {
  host: config.http.metricsHost,
  port: config.http.workerMetricsPort,
})
process.on('SIGTERM', () => {
  void worker.stop().finally(() => process.exit(0))
})
