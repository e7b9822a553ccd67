import { sql } from 'kysely'
import { Registry } from 'prom-client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestDatabase, type TestDatabase } from '#test'
import { openDatabase } from './database.ts'
import { databaseMetrics } from './database-metrics.ts'
import { serverActivity } from './server-activity.ts'
import type { SlowQuery } from './slow-query.ts'

const PATIENCE = { timeout: 5_000, interval: 20 }

let test: TestDatabase
beforeAll(async () => {
  test = await createTestDatabase()
})
afterAll(() => test.drop())

const open = (options: { onSlow?: (query: SlowQuery) => void; poolMax?: number } = {}) =>
  openDatabase<{ artist: { id: string } }>({
    url: test.url,
    poolMax: 3,
    statementTimeoutMs: 5_000,
    lockTimeoutMs: 300,
    slowQueryMs: 50,
    applicationName: 'database test',
    ...options,
  })

describe('a slow statement', () => {
  it('is told with what it is and how long it took, and no value of it', async () => {
    const slow: SlowQuery[] = []
    const { db, close } = open({ onSlow: (query) => void slow.push(query) })
    await sql`select 'harmless'`.execute(db)
    await sql`select pg_sleep(0.08), ${'secret'}::text, 'secret', 42`.execute(db)
    await expect(
      sql`select 1 / (length(pg_sleep(0.06)::text) * ${0}::integer)`.execute(db),
    ).rejects.toThrow('zero')
    await close()
    // On a loaded machine the harmless one may be slow as well.
    const asleep = slow.filter(({ statement }) => statement.includes('pg_sleep'))
    expect(asleep).toMatchObject([
      { statement: 'select pg_sleep(?), $1::text, ?, ?', failed: false },
      { statement: 'select ? / (length(pg_sleep(?)::text) * $1::integer)', failed: true },
    ])
    expect(asleep[0]?.durationMs).toBeGreaterThanOrEqual(80)
  })
})

describe('what is measured of a database', () => {
  it('is how its pool is used, who waits, and what the server does for all', async () => {
    const database = open({ poolMax: 2 })
    const registry = new Registry()
    const metrics = databaseMetrics(registry)
    let lagSeconds: number | undefined = 1.5
    metrics.expose({
      pools: { primary: database.poolState },
      activity: () => serverActivity(database.db),
      replicaLag: () => lagSeconds,
    })
    await database.checkReady()
    const sleeping = Array.from({ length: 3 }, () => sql`select pg_sleep(1)`.execute(database.db))
    await expect
      .poll(() => database.poolState(), PATIENCE)
      .toEqual({
        inUse: 2,
        idle: 0,
        waiting: 1,
        max: 2,
      })
    // Asked over the same pool, it answers when there is a place again, or not at all.
    const busy = await registry.metrics()
    expect(busy).toContain('db_pool_connections{server="primary",state="in_use"} 2')
    expect(busy).toMatch(/db_pool_waiting\{server="primary"\} [12]\n/)
    expect(busy).toContain('db_replica_lag_seconds 1.5')
    await Promise.all(sleeping)
    lagSeconds = undefined
    expect(await registry.metrics()).not.toContain('db_replica_lag_seconds 1.5')
    await database.close()
  })

  it('are the sessions that wait for a lock, and a wait ends in time', async () => {
    const holder = open()
    const waiter = open()
    await holder.db.transaction().execute(async (trx) => {
      await sql`lock table artist in access exclusive mode`.execute(trx)
      const waiting = expect(
        waiter.db.selectFrom('artist').select('id').execute(),
      ).rejects.toMatchObject({ code: '55P03' })
      await expect.poll(async () => (await serverActivity(holder.db)).lockWaits, PATIENCE).toBe(1)
      expect((await serverActivity(holder.db)).idleInTransaction).toBeGreaterThanOrEqual(1)
      await waiting
    })
    await holder.close()
    await waiter.close()
  })
})
