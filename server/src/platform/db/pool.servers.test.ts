import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { missingServer, type PostgresServer, startSystemPostgres } from '#servers'
import { type Database, openDatabase } from './database.ts'

const PATIENCE = { timeout: 5_000, interval: 50 }
const POOL_MAX = 2

const missing = missingServer('postgresql')

describe.skipIf(missing)(`a pool whose server${missing ? ` (${missing})` : ''}`, () => {
  let server: PostgresServer
  let database: Database<object>
  beforeAll(async () => {
    server = await startSystemPostgres({ fsync: false })
    database = openDatabase({
      url: server.url,
      poolMax: POOL_MAX,
      statementTimeoutMs: 500,
      queryTimeoutMs: 800,
      applicationName: 'pool test',
    })
  })
  afterAll(async () => {
    await database?.close()
    await server?.stop()
  })

  const ask = () => sql`select 1`.execute(database.db)

  it('is frozen keeps no connection that still waits for an answer', async () => {
    await Promise.all([ask(), ask()])
    server.pause()
    const outcomes = await Promise.allSettled([ask(), ask()])
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
    expect(database.poolState()).toMatchObject({ inUse: 0, idle: 0 })
    server.resume()
    await ask()
  })

  it('restarts at once loses what was under way, and works again by itself', async () => {
    await ask()
    const lost = expect(sql`select pg_sleep(0.4)`.execute(database.db)).rejects.toThrow()
    await server.immediateRestart()
    await lost
    await expect
      .poll(
        () =>
          ask().then(
            () => 'answered',
            () => 'failed',
          ),
        PATIENCE,
      )
      .toBe('answered')
  })
})
