import { type Kysely, sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { missingServer, type PostgresServer, startSystemPostgres } from '#servers'
import { answersWithin } from './answer-probe.ts'
import { type Database, openDatabase } from './database.ts'

const PATIENCE = { timeout: 5_000, interval: 50 }
const POOL_MAX = 2
/** Less than the two seconds in which a request is answered. */
const LET_GO_MS = 1_800
/** Of one who does not even ask. */
const AT_ONCE_MS = 100

const missing = missingServer('postgresql')

describe.skipIf(missing)(`a pool whose server${missing ? ` (${missing})` : ''}`, () => {
  let server: PostgresServer
  let database: Database<object>
  const silence: boolean[] = []
  beforeAll(async () => {
    server = await startSystemPostgres({ fsync: false })
    database = openDatabase({
      url: server.url,
      poolMax: POOL_MAX,
      statementTimeoutMs: 10_000,
      applicationName: 'pool test',
      onSilence: ({ silent }) => void silence.push(silent),
    })
  })
  afterAll(async () => {
    await database?.close()
    await server?.stop()
  })

  const ask = (db: Kysely<object> = database.db) => sql`select 1`.execute(db)
  const outcomeOf = (work: Promise<unknown>) =>
    work.then(
      () => 'answered',
      () => 'failed',
    )

  async function timed<T>(work: () => Promise<T>): Promise<{ result: T; tookMs: number }> {
    const startedMs = performance.now()
    return { result: await work(), tookMs: performance.now() - startedMs }
  }

  it('works on a slow statement waits for it', async () => {
    await sql`select pg_sleep(1.5)`.execute(database.db)
    expect(silence).toEqual([])
  })

  it('is frozen lets go of all who wait, in a transaction or for a connection', async () => {
    const inTransaction = Promise.withResolvers<void>()
    const frozen = Promise.withResolvers<void>()
    const transaction = database.db.transaction().execute(async (trx) => {
      await ask(trx)
      inTransaction.resolve()
      await frozen.promise
      await ask(trx)
    })
    await inTransaction.promise
    server.pause()
    frozen.resolve()
    try {
      const { result, tookMs } = await timed(() =>
        Promise.allSettled([transaction, ...Array.from({ length: 6 }, () => ask())]),
      )
      expect(result.map((one) => one.status === 'rejected' && one.reason)).toMatchObject(
        Array.from({ length: 7 }, () => ({ code: '08006' })),
      )
      expect(tookMs).toBeLessThan(LET_GO_MS)

      const next = await timed(() => outcomeOf(ask()))
      expect(next.result).toBe('failed')
      expect(next.tookMs).toBeLessThan(AT_ONCE_MS)
    } finally {
      server.resume()
    }
    await expect.poll(() => outcomeOf(ask()), PATIENCE).toBe('answered')
    expect(silence).toEqual([true, false])
    // Whoever was let go leaves nothing behind that is held or waited for.
    await expect.poll(() => database.poolState(), PATIENCE).toMatchObject({ inUse: 0, waiting: 0 })
  })

  it('restarts at once loses what was under way, and works again by itself', async () => {
    const lost = expect(sql`select pg_sleep(5)`.execute(database.db)).rejects.toThrow()
    await server.immediateRestart()
    await lost
    await expect.poll(() => outcomeOf(ask()), PATIENCE).toBe('answered')
  })

  it('crashes between two statements of a transaction fails it as lost', async () => {
    const transaction = database.db.transaction().execute(async (trx) => {
      await ask(trx)
      await server.immediateRestart()
      await ask(trx)
    })
    await expect(transaction).rejects.toMatchObject({ code: '08006' })
    await expect.poll(() => outcomeOf(ask()), PATIENCE).toBe('answered')
  })

  it('is probed answers, frozen does not, and refuses once it is gone', async () => {
    expect(await answersWithin(server.url, 1_000)).toBe(true)
    server.pause()
    expect(await answersWithin(server.url, 200)).toBe(false)
    server.resume()
    expect(await answersWithin('postgres://127.0.0.1:1/none', 1_000)).toBe(true)
  })
})
