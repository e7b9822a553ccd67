import { sql } from 'kysely'
import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { limitRole, migrate, openDatabase } from '#platform/db'
import { missingServer, type PgBouncerServer, startPgBouncer, startSystemPostgres } from '#servers'
import { createTestApp, startTestSandbox, type TestApp, type TestSandbox } from '#test'
import { playFlows } from '../migrations/play-flows.ts'
import { seedSmallHistory } from '../migrations/small-history.ts'
import { sandboxControl } from '../music/sandbox-control.ts'

const CONNECTIONS = 2
const USERS = 6
const LIMITS = { statementTimeoutMs: 3_000, lockTimeoutMs: 1_000 }

const missing = missingServer('postgresql', 'pgbouncer')

describe.skipIf(missing)(
  `behind PgBouncer in transaction mode${missing ? ` (${missing})` : ''}`,
  () => {
    const toStop: { stop(): Promise<void> }[] = []
    let directUrl: string
    let pooler: PgBouncerServer
    let sandbox: TestSandbox
    let test: TestApp
    let url: string

    const pooled = (poolMax = 20) =>
      openDatabase<object>({
        ...LIMITS,
        url: pooler.url,
        directUrl,
        poolMax,
        applicationName: 'pooler test',
      })

    beforeAll(async () => {
      const server = await startSystemPostgres({ fsync: false })
      toStop.push(server)
      directUrl = await server.createDatabase('music')
      pooler = await startPgBouncer(directUrl, { default_pool_size: String(CONNECTIONS) })
      toStop.push(pooler)
      sandbox = await startTestSandbox()
      await migrate(directUrl)
    })
    afterAll(async () => {
      await test?.close()
      await sandbox?.close()
      for (const server of toStop.toReversed()) await server.stop()
    })

    it('is not ready before the role has its time-outs, and says what to do', async () => {
      const database = pooled()
      await expect(database.checkReady()).rejects.toThrow(
        'the database role has no time-outs: run the migrate command',
      )
      await database.close()
      await limitRole({ ...LIMITS, serviceUrl: pooler.url, directUrl })
    })

    it('is explained to whoever did not announce it', async () => {
      const database = openDatabase<object>({
        ...LIMITS,
        url: pooler.url,
        poolMax: 1,
        applicationName: 'pooler test',
      })
      await expect(database.checkReady()).rejects.toThrow('set DATABASE_DIRECT_URL')
      await database.close()
    })

    it('holds every statement to the time-outs, whichever connection it gets', async () => {
      // The connections from before know nothing of them.
      await pooler.shutDown()
      await pooler.start()
      const database = pooled(8)
      await database.checkReady()
      const settings = await Promise.all(
        Array.from({ length: 24 }, async () => {
          const { rows } = await sql<{ statement: string; lock: string; idle: string }>`
          select current_setting('statement_timeout') as statement,
            current_setting('lock_timeout') as lock,
            current_setting('idle_in_transaction_session_timeout') as idle,
            pg_sleep(0.01)`.execute(database.db)
          const { statement, lock, idle } = rows[0] ?? {}
          return { statement, lock, idle }
        }),
      )
      expect(new Set(settings.map((setting) => JSON.stringify(setting)))).toEqual(
        new Set([JSON.stringify({ statement: '3s', lock: '1s', idle: '30s' })]),
      )
      await expect(sql`select pg_sleep(20)`.execute(database.db)).rejects.toThrow(
        'canceling statement due to statement timeout',
      )
      await database.close()
    })

    it('serves many users at once over two connections', async () => {
      const lines: string[] = []
      test = await createTestApp({
        onLog: (line) => lines.push(line),
        env: {
          ...sandbox.env,
          DATABASE_URL: pooler.url,
          DATABASE_DIRECT_URL: directUrl,
          DATABASE_POOL_MAX: '20',
        },
      })
      await seedSmallHistory(test.system)
      url = await test.app.listen({ host: '127.0.0.1', port: 0 })
      const listeners = (await sandboxControl(sandbox.url).listeners()).slice(0, USERS)
      const played = await Promise.all(listeners.map(({ id }) => playFlows(url, id)))
      expect(played.flatMap(({ failures }) => failures)).toEqual([])
      expect(played.flatMap(({ recommended }) => recommended)).not.toEqual([])
      const client = new Client({ connectionString: directUrl })
      await client.connect()
      const { rows } = await client.query<{ connections: number }>(
        `select count(*)::integer as connections from pg_stat_activity
       where datname = 'music' and application_name = 'music-language test'`,
      )
      await client.end()
      expect(rows[0]?.connections).toBeLessThanOrEqual(CONNECTIONS)
      // Who waits for one of two connections does not take the server for dead.
      expect(lines.join('')).not.toContain('does not answer')
    }, 60_000)
  },
)
