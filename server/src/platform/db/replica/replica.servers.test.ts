import { type Kysely, sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  missingServer,
  type PostgresServer,
  type ReplicaServer,
  startStreamingReplica,
  startSystemPostgres,
} from '#servers'
import { type Database, openDatabase } from '../database.ts'
import { openReads, type Reads } from './open-reads.ts'

interface Tables {
  note: { id: number }
}

const PATIENCE = { timeout: 8_000, interval: 50 }
const MAX_LAG_SECONDS = 1

const missing = missingServer('postgresql')

describe.skipIf(missing)(`reads that may be a little old${missing ? ` (${missing})` : ''}`, () => {
  let server: PostgresServer
  let replica: ReplicaServer
  let primary: Database<Tables>
  let reads: Reads<Tables>
  const answers: string[] = []
  const changes: boolean[] = []

  beforeAll(async () => {
    server = await startSystemPostgres({ fsync: false })
    const limits = { statementTimeoutMs: 2_000, lockTimeoutMs: 1_000 }
    const options = { ...limits, url: server.url, poolMax: 4, applicationName: 'replica test' }
    primary = openDatabase<Tables>(options)
    await sql`create table note (id integer primary key)`.execute(primary.db)
    replica = await startStreamingReplica(server.url)
    reads = openReads<Tables>({
      ...options,
      primary,
      replicaUrl: replica.url,
      replicaMaxLagSeconds: MAX_LAG_SECONDS,
      onAnswer: (name) => void answers.push(name),
      onReplicaChange: ({ usable }) => void changes.push(usable),
    })
  })
  afterAll(async () => {
    await reads?.close()
    await primary?.close()
    await replica?.stop()
    await server?.stop()
  })

  const count = async (db: Kysely<Tables>) =>
    (await db.selectFrom('note').select('id').execute()).length
  let nextId = 0
  const write = () => {
    nextId += 1
    return primary.db.insertInto('note').values({ id: nextId }).execute()
  }

  /** Reads until the given server answers; gives what it answered then. */
  const readFrom = (wanted: 'primary' | 'replica') =>
    expect
      .poll(async () => {
        const rows = await count(reads.db)
        return { rows, by: answers.at(-1) }
      }, PATIENCE)
      .toMatchObject({ by: wanted })

  it('go to the replica while it keeps up, and while nothing is written', async () => {
    await write()
    await readFrom('replica')
    await expect.poll(() => count(reads.db), PATIENCE).toBe(nextId)
    expect(reads.replica?.lagSeconds()).toBeLessThan(MAX_LAG_SECONDS + 1)
    expect(changes).toEqual([true])
  })

  it('are never older than they may be when replay stands still', async () => {
    await readFrom('replica')
    await replica.query('select pg_wal_replay_pause()')
    await write()
    const writtenAtMs = performance.now()
    const seen: { rows: number; afterMs: number }[] = []
    // Every read begun later than the allowed lag after the write must show it.
    await expect
      .poll(async () => {
        const afterMs = performance.now() - writtenAtMs
        seen.push({ rows: await count(reads.db), afterMs })
        return answers.at(-1)
      }, PATIENCE)
      .toBe('primary')
    expect(await count(reads.db)).toBe(nextId)
    expect(
      seen.filter(({ rows, afterMs }) => rows < nextId && afterMs > MAX_LAG_SECONDS * 1000),
    ).toEqual([])

    await replica.query('select pg_wal_replay_resume()')
    await readFrom('replica')
    expect(await count(reads.db)).toBe(nextId)
  })

  it('go to the primary when the replica is gone, and back when it is back', async () => {
    await readFrom('replica')
    await replica.kill()
    expect(await count(reads.db)).toBe(nextId)
    expect(answers.at(-1)).toBe('primary')
    await replica.start()
    await readFrom('replica')
  })

  it('wait for a frozen replica no longer than their time-out, then not at all', async () => {
    await readFrom('replica')
    replica.pause()
    try {
      await readFrom('primary')
      const startedMs = performance.now()
      expect(await count(reads.db)).toBe(nextId)
      expect(performance.now() - startedMs).toBeLessThan(500)
    } finally {
      replica.resume()
    }
    await readFrom('replica')
  })

  it('are asked of the primary when the replica lacks a table that was just made', async () => {
    await readFrom('replica')
    const undefinedTable = sql<{ id: number }>`select id from added_later`
    await replica.query('select pg_wal_replay_pause()')
    await sql`create table added_later (id integer)`.execute(primary.db)
    expect(await undefinedTable.execute(reads.db)).toMatchObject({ rows: [] })
    expect(answers.at(-1)).toBe('primary')
    await replica.query('select pg_wal_replay_resume()')
  })

  it('are reads: a write and a transaction are refused, wherever they would go', async () => {
    const refused = 'only a select may go to the replica'
    await expect(reads.db.insertInto('note').values({ id: -1 }).execute()).rejects.toThrow(refused)
    const hidden = sql`with gone as (delete from note returning id) select * from gone`
    await expect(hidden.execute(reads.db)).rejects.toThrow(refused)
    await expect(reads.db.transaction().execute(count)).rejects.toThrow('have no transactions')
    expect(await count(primary.db)).toBe(nextId)
  })
})
