import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { limitRole, migrate } from '#platform/db'
import { missingServer, startPgBouncer, startSystemPostgres } from '#servers'
import { consentingUser, createTestApp, outcomesOf, playedEvent, type TestApp } from '#test'

const missing = missingServer('postgresql', 'pgbouncer')

describe.skipIf(missing)(`events by way of PgBouncer${missing ? ` (${missing})` : ''}`, () => {
  const toStop: { stop(): Promise<void> }[] = []
  let test: TestApp

  beforeAll(async () => {
    const server = await startSystemPostgres({ fsync: false })
    toStop.push(server)
    const directUrl = await server.createDatabase('events')
    const pooler = await startPgBouncer(directUrl, { default_pool_size: '2' })
    toStop.push(pooler)
    await migrate(directUrl)
    const limits = { statementTimeoutMs: 5_000, lockTimeoutMs: 1_000 }
    await limitRole({ ...limits, serviceUrl: pooler.url, directUrl })
    test = await createTestApp({
      env: { DATABASE_URL: pooler.url, DATABASE_DIRECT_URL: directUrl },
    })
  })
  afterAll(async () => {
    await test?.close()
    for (const server of toStop.toReversed()) await server.stop()
  })

  it('are stored, while connections change hands between statements', async () => {
    const user = await consentingUser(test)
    const batches = Array.from({ length: 40 }, (_, size) =>
      Array.from({ length: size + 1 }, () => playedEvent()),
    )
    const outcomes = await Promise.all(batches.map((batch) => outcomesOf(test, user, batch)))
    expect(new Set(outcomes.flat().map(({ status }) => status))).toEqual(new Set(['accepted']))
    const again = await Promise.all(batches.map((batch) => outcomesOf(test, user, batch)))
    expect(new Set(again.flat().map(({ status }) => status))).toEqual(new Set(['duplicate']))
  })
})
