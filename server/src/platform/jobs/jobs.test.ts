import { Kysely, PostgresDialect, sql } from 'kysely'
import { Pool } from 'pg'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { createLogger, createMetrics } from '#platform/telemetry'
import { createTestDatabase, type TestDatabase } from '#test'
import { jobSender, startJobWorker } from './index.ts'
import { defineJob } from './job-definition.ts'

const echo = defineJob<{ text: string }>('test.echo', { retryDelaySeconds: 1 })
const poison = defineJob<{ text: string }>('test.poison', { retryLimit: 1, retryDelaySeconds: 1 })
const jobs = [echo, poison]

let database: TestDatabase
let db: Kysely<unknown>
const metrics = createMetrics()
const logger = createLogger({ logLevel: 'silent' }, { service: 'test' })
const stops: (() => Promise<void>)[] = []

beforeAll(async () => {
  database = await createTestDatabase()
  const pool = new Pool({ connectionString: database.url, max: 2 })
  db = new Kysely({ dialect: new PostgresDialect({ pool }) })
})
afterEach(async () => {
  for (const stop of stops.splice(0).toReversed()) await stop()
})
afterAll(async () => {
  await db.destroy()
  await database.drop()
})

async function worker() {
  const started = await startJobWorker({ databaseUrl: database.url, logger, metrics, jobs })
  stops.push(started.stop)
  return started
}

function sender() {
  const queue = jobSender({ databaseUrl: database.url, logger, metrics, jobs })
  stops.push(queue.stop)
  return queue
}

describe('jobs', () => {
  it('run what another process enqueued', async () => {
    const { promise, resolve } = Promise.withResolvers<string>()
    const working = await worker()
    await working.handle(echo, async ({ text }) => resolve(text))
    await sender().enqueue(echo, { text: 'hola' })
    expect(await promise).toBe('hola')
  })

  it('exist only if the transaction commits that enqueued them', async () => {
    const seen: string[] = []
    const working = await worker()
    await working.handle(echo, async ({ text }) => void seen.push(text))
    const queue = sender()
    const rolledBack = db.transaction().execute(async (trx) => {
      await queue.enqueue(echo, { text: 'lost' }, { within: trx })
      throw new Error('rolled back')
    })
    await expect(rolledBack).rejects.toThrow('rolled back')
    await db.transaction().execute(async (trx) => {
      await queue.enqueue(echo, { text: 'kept' }, { within: trx })
    })
    await expect.poll(() => seen, { timeout: 10_000 }).toEqual(['kept'])
  })

  it('are tried again after a failure, and counted', async () => {
    let attempts = 0
    const { promise, resolve } = Promise.withResolvers<void>()
    const working = await worker()
    await working.handle(echo, async () => {
      attempts += 1
      if (attempts === 1) throw new Error('first time')
      resolve()
    })
    await working.enqueue(echo, { text: 'again' })
    await promise
    expect(attempts).toBe(2)
    const { values } = await metrics.jobDuration.get()
    const failed = values.find(
      ({ metricName, labels }) =>
        metricName === 'job_duration_seconds_count' && labels.outcome === 'failed',
    )
    expect(failed?.value).toBe(1)
  })

  it('that always fail end in the dead-letter queue, and the others go on', async () => {
    const seen: string[] = []
    const working = await worker()
    await working.handle(poison, async ({ text }) => {
      if (text === 'poison') throw new Error('always')
      seen.push(text)
    })
    await working.enqueue(poison, { text: 'poison' })
    await working.enqueue(poison, { text: 'fine' })
    const dead = async () => {
      const { rows } = await sql<{ text: string }>`
        select data ->> 'text' as text from pgboss.job where name = 'test.poison.dead'`.execute(db)
      return rows
    }
    await expect.poll(dead, { timeout: 15_000 }).toEqual([{ text: 'poison' }])
    expect(seen).toEqual(['fine'])
  })

  it('are counted while they wait and when they are dead, the same by every worker', async () => {
    await Promise.all([worker(), worker()])
    await sender().enqueue(echo, { text: 'waits' })
    const exposed = await metrics.registry.metrics()
    expect(exposed).toMatch(/^jobs_waiting\{job="test\.echo"\} 1$/m)
    expect(exposed).toMatch(/^jobs_oldest_waiting_seconds\{job="test\.echo"\} 0\.\d+$/m)
    expect(exposed).toMatch(/^jobs_running\{job="test\.echo"\} 0$/m)
    expect(exposed).toMatch(/^jobs_dead\{job="test\.poison"\} 1$/m)
  })
})
