/** Workers and senders on one database, for tests. */
import { Kysely, PostgresDialect, sql } from 'kysely'
import { Pool } from 'pg'
import { vi } from 'vitest'
import { createLogger, createMetrics } from '#platform/telemetry'
import { createTestDatabase } from '#test'
import {
  type AnyJob,
  type JobRunner,
  type JobSender,
  jobSender,
  type RunningJobWorker,
  startJobRunner,
  startJobWorker,
} from './index.ts'
import type { JobWorkerOptions } from './job-worker.ts'

export type JobsUnderTest = Awaited<ReturnType<typeof jobsUnderTest>>

export async function jobsUnderTest(jobs: readonly AnyJob[]) {
  const database = await createTestDatabase()
  const pool = new Pool({ connectionString: database.url, max: 4 })
  // As below: dropping the database may be quicker than the last connection's end.
  pool.on('connect', (client) => client.on('error', () => undefined))
  const db = new Kysely<Record<string, Record<string, unknown>>>({
    dialect: new PostgresDialect({ pool }),
  })
  const metrics = createMetrics()
  const logger = createLogger({ logLevel: 'silent' }, { service: 'test' })
  const options = { databaseUrl: database.url, logger, metrics, jobs }
  const stops: (() => Promise<void>)[] = []

  return {
    url: database.url,
    /** The connections of all workers and senders end as in a crash; gives how many there were. */
    async cutConnections(): Promise<number> {
      const { rows } = await sql`
        select pg_terminate_backend(pid) from pg_stat_activity
        where datname = current_database() and application_name like 'music-language jobs%'
      `.execute(db)
      return rows.length
    },
    db,
    metrics,
    async worker(more: Partial<JobWorkerOptions> = {}): Promise<RunningJobWorker> {
      const worker = await startJobWorker({ ...options, ...more })
      stops.push(() => worker.stop())
      return worker
    },
    sender(): JobSender {
      const sender = jobSender(options)
      stops.push(sender.stop)
      return sender
    },
    async runner(): Promise<JobRunner> {
      const runner = await startJobRunner(options)
      stops.push(runner.stop)
      return runner
    },
    /** Between two tests: stops all, and drops every job. */
    async reset(): Promise<void> {
      for (const stop of stops.splice(0).toReversed()) await stop()
      await pool.query('delete from pgboss.job')
    },
    async close(): Promise<void> {
      // A pool tells that it is closed before its connections are; dropping the database under them
      // would be an error of theirs that nobody hears.
      const connectionsEnd = async () => {
        const { rows } = await sql<{ others: number }>`
          select count(*)::int as others from pg_stat_activity
          where datname = current_database() and application_name like 'music-language jobs%'
        `.execute(db)
        if (rows[0]?.others !== 0) throw new Error('connections are still open')
      }
      await vi.waitFor(connectionsEnd, { timeout: 5_000 })
      await db.destroy()
      await database.drop()
    },
  }
}

/** Rejects with the signal's reason; never resolves. */
export const untilAborted = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => {
    const end = () => reject(signal.reason as Error)
    if (signal.aborted) end()
    signal.addEventListener('abort', end, { once: true })
  })
