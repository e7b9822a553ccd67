import { randomUUID } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { Kysely, PostgresDialect } from 'kysely'
import { Client, Pool } from 'pg'
import { PgBoss } from 'pg-boss'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type EventTables, outboxFeed } from '#platform/events'
import { createTestDatabase, type TestDatabase } from '#test'
import type { BackupPlace } from './backup-place.ts'
import { createBackup } from './create-backup.ts'
import { folderPlace } from './folder-place.ts'
import { decodeManifest, encodeManifest, MANIFEST_FILE } from './manifest.ts'
import { type Restored, restoreBackup } from './restore-backup.ts'

const FEEDS = [
  { feed: 'outbox', table: 'outbox_message', order: 'row' },
  { feed: 'analytics_event', table: 'analytics_event', order: 'transaction' },
] as const
/** A number that no transaction of the test's server will ever have. */
const FAR_XID = 9_000_000_000_000n

const databases: TestDatabase[] = []
let source: Client
let sourceUrl: string
/** Where the backup was restored. */
let target: string
let folder: string

async function emptyDatabase(): Promise<string> {
  const database = await createTestDatabase()
  databases.push(database)
  await ask(database.url, 'drop schema public cascade; create schema public')
  return database.url
}

async function ask<Row extends object>(url: string, sql: string): Promise<Row[]> {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query<Row>(sql)).rows
  } finally {
    await client.end()
  }
}

async function readOutbox(url: string, seq: string): Promise<string[]> {
  const db = new Kysely<EventTables>({
    dialect: new PostgresDialect({ pool: new Pool({ connectionString: url, max: 1 }) }),
  })
  try {
    const entries = await outboxFeed(db).read({ xid: '0', seq }, 100)
    return entries.map(({ event }) => event.key)
  } finally {
    await db.destroy()
  }
}

/** As its readers read it: past a cursor, and nothing of a transaction that may not be over. */
async function readEvents(url: string, xid: string, seq: string): Promise<string[]> {
  const rows = await ask<{ type: string }>(
    url,
    `select type from analytics_event
     where (xid, seq) > ('${xid}'::xid8, ${seq}) and xid < pg_snapshot_xmin(pg_current_snapshot())
     order by xid, seq`,
  )
  return rows.map(({ type }) => type)
}

const appendMessage = (key: string, xid: bigint) =>
  source.query(
    `insert into outbox_message (xid, id, topic, key, schema_version, payload, occurred_at)
     values ($1, $2, 'test.happened', $3, 1, '{}', now())`,
    [xid.toString(), randomUUID(), key],
  )

/** Adds an event as a transaction of this number would have; into one of two months. */
async function appendEvent(type: string, xid: bigint): Promise<string> {
  const { rows } = await source.query<{ seq: string }>(
    `insert into analytics_event (xid, id, type, version, user_id, occurred_at, received_at, payload)
     values ($1, $2, $3, 1, $2, $4, now(), '{"deep": {"null": null}}') returning seq`,
    [xid.toString(), randomUUID(), type, xid % 2n === 0n ? '2031-05-07' : '2031-06-07'],
  )
  return rows[0]?.seq ?? ''
}

const place = () => folderPlace(join(folder, 'backup'))
const backUp = () => createBackup({ databaseUrl: sourceUrl, place: place(), feeds: FEEDS })

beforeAll(async () => {
  const database = await createTestDatabase()
  databases.push(database)
  sourceUrl = database.url
  source = new Client({ connectionString: sourceUrl })
  await source.connect()
})
afterAll(async () => {
  await source.end()
  for (const database of databases) await database.drop()
})

describe('a backup', () => {
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'backup-test-'))
    await source.query(
      `insert into user_account (id, email, password_hash, created_at, updated_at)
       select gen_random_uuid(), 'u' || n || '@example.org', E'tab\\t new\\n back\\\\slash \\u0001 語',
         now() - n * interval '1.000001 second', now() from generate_series(1, 500) as n`,
    )
    await source.query(
      `insert into session (id, user_id, created_at, last_used_at, idle_expires_at, absolute_expires_at)
       select gen_random_uuid(), id, now(), now(), now(), now() from user_account`,
    )
    await source.query(`insert into listener (id, source, external_name, created_at)
      values (gen_random_uuid(), 'x', '\\N', 'infinity')`)
    await source.query(
      `select analytics_event_add_month(day) from unnest('{2031-05-01,2031-06-01}'::date[]) as day`,
    )
    for (const key of ['one', 'two', 'three']) await appendMessage(key, FAR_XID)
    // In the order of their transactions c, a, d, b.
    const seqOfA = await appendEvent('a', FAR_XID + 2n)
    await appendEvent('b', FAR_XID + 4n)
    await appendEvent('c', FAR_XID + 1n)
    await appendEvent('d', FAR_XID + 3n)
    await source.query(
      `insert into event_cursor (feed, consumer, xid, seq) values
        ('outbox', 'relay', '0', (select min(seq) from outbox_message)),
        ('analytics_event', 'reader', $1, $2), ('analytics_event', 'new', '0', 0),
        ('analytics_event', 'ahead', $3, 0)`,
      [(FAR_XID + 2n).toString(), seqOfA, (FAR_XID + 99n).toString()],
    )
    const boss = new PgBoss({ connectionString: sourceUrl, supervise: false, schedule: false })
    boss.on('error', () => undefined)
    await boss.start()
    await boss.createQueue('x.dead')
    await boss.createQueue('x', { deadLetter: 'x.dead', retryLimit: 7 })
    await boss.send('x', { waits: null })
    await boss.send('x', { later: true }, { startAfter: 3600, singletonKey: 'one' })
    await boss.insert('x.dead', [{ data: { died: true } }])
    await boss.fetch('x')
    await boss.insert('x', [{ data: { second: 1 } }])
    await boss.stop({ graceful: false })
    await backUp()
    target = await emptyDatabase()
    restored = await restoreBackup({ place: place(), databaseUrl: target })
  })
  afterAll(() => rm(folder, { recursive: true }))

  let restored: Restored

  it('comes back as it was, to the last byte', async () => {
    expect(restored.counts).toMatchObject({ user_account: 500, session: 500, analytics_event: 4 })
    const digest = (table: string, columns = '*') => `
      select count(*), md5(string_agg(row::text, '|' order by row::text)) as digest
      from (select ${columns} from ${table}) as row`
    const same = ['user_account', 'session', 'listener', 'consumed_event']
    for (const query of [
      ...same.map((table) => digest(table)),
      digest(
        'analytics_event',
        'id, type, user_id, occurred_at, received_at, payload, tableoid::regclass',
      ),
      digest('outbox_message', 'id, key, payload, occurred_at, recorded_at'),
    ]) {
      expect(await ask(target, query)).toEqual(await ask(sourceUrl, query))
    }
  })

  it('brings back the work that was not done, once, and nothing else of the queue', async () => {
    const undone = `select name, data, state::text, singleton_key, retry_limit, start_after > now() as later
      from pgboss.job order by name, data::text`
    const found = await ask<{ name: string; data: unknown; state: string; later: boolean }>(
      target,
      undone,
    )
    expect(found).toMatchObject([
      { name: 'x', data: { later: true }, state: 'created', singleton_key: 'one', later: true },
      { name: 'x', data: { second: 1 }, state: 'created', retry_limit: 7 },
      { name: 'x', data: { waits: null }, state: 'created', later: false },
      { name: 'x.dead', data: { died: true }, state: 'created' },
    ])
    const queues = `select name, policy, retry_limit, dead_letter from pgboss.queue
      where name like 'x%' order by name`
    expect(await ask(target, queues)).toEqual(await ask(sourceUrl, queues))
  })

  it('goes on counting where it had stopped', async () => {
    const sequences = `select sequencename, last_value from pg_sequences
      where schemaname = 'public' order by 1`
    expect(await ask(target, sequences)).toEqual(await ask(sourceUrl, sequences))
  })

  it('gives each reader of a feed what it had not had, in order, and then what is new', async () => {
    await ask(
      target,
      `insert into outbox_message (id, topic, key, schema_version, payload, occurred_at)
       values (gen_random_uuid(), 'test.happened', 'four', 1, '{}', now());
       insert into analytics_event (id, type, version, user_id, occurred_at, received_at, payload)
       values (gen_random_uuid(), 'e', 1, gen_random_uuid(), '2031-05-01', now(), '{}')`,
    )
    const cursors = await ask<{ feed: string; consumer: string; xid: string; seq: string }>(
      target,
      'select feed, consumer, xid, seq from event_cursor',
    )
    const given: Record<string, string[]> = {}
    for (const { feed, consumer, xid, seq } of cursors) {
      given[consumer] =
        feed === 'outbox' ? await readOutbox(target, seq) : await readEvents(target, xid, seq)
    }
    expect(given).toEqual({
      relay: ['two', 'three', 'four'],
      reader: ['d', 'b', 'e'],
      new: ['c', 'a', 'd', 'b', 'e'],
      ahead: ['e'],
    })
  })

  it('is refused by a database that holds anything', async () => {
    await expect(restoreBackup({ place: place(), databaseUrl: sourceUrl })).rejects.toThrow(
      'the database is not empty: analytics_event_2031_05 has rows',
    )
  })

  it('is refused before anything is written when a byte of it has changed', async () => {
    const unused = await emptyDatabase()
    const file = join(folder, 'backup/tables/session.copy.zst')
    const whole = await readFile(file)
    const damaged = Buffer.from(whole)
    damaged.writeUInt8(damaged.readUInt8(100) ^ 1, 100)
    await writeFile(file, damaged)
    await expect(restoreBackup({ place: place(), databaseUrl: unused })).rejects.toThrow(
      'tables/session.copy.zst of the backup',
    )
    await writeFile(file, whole)
    expect(
      await ask(unused, 'select from pg_class where relnamespace = $$public$$::regnamespace'),
    ).toEqual([])
  })

  it('is restored or not at all: what cannot be read to its end is told, jobs included', async () => {
    const unused = await emptyDatabase()
    async function* broken() {
      yield Buffer.alloc(0)
      throw new Error('the disk is gone')
    }
    for (const name of ['jobs', 'tables/session']) {
      const failing: BackupPlace = {
        ...place(),
        open: async (file, expected) =>
          file.startsWith(name) ? Readable.from(broken()) : place().open(file, expected),
      }
      await expect(restoreBackup({ place: failing, databaseUrl: unused })).rejects.toThrow(
        'the disk is gone',
      )
    }
    expect(await ask(unused, 'select from user_account')).toEqual([])
  })

  it('is refused when it is of a later release, or no backup', async () => {
    const unused = await emptyDatabase()
    const at = join(folder, 'backup', MANIFEST_FILE)
    const whole = await readFile(at)
    const manifest = decodeManifest(whole)
    const later = { ...manifest, migrations: [...manifest.migrations, '9999_later_one.sql'] }
    await writeFile(at, encodeManifest(later))
    const restoring = () => restoreBackup({ place: place(), databaseUrl: unused })
    await expect(restoring()).rejects.toThrow('does not know 9999_later_one.sql')
    await writeFile(at, whole.toString().replace('"rows": 500', '"rows": 501'))
    await expect(restoring()).rejects.toThrow('manifest is damaged')
    await rm(at)
    await expect(restoring()).rejects.toThrow('there is no backup in')
    await writeFile(at, whole)
  })

  it('is not made where something lies already, and leaves nothing that looks like one', async () => {
    await expect(backUp()).rejects.toThrow('is not empty')
    await source.query('create table stray (xid xid8)')
    const elsewhere = folderPlace(join(folder, 'other'))
    await expect(
      createBackup({ databaseUrl: sourceUrl, place: elsewhere, feeds: FEEDS }),
    ).rejects.toThrow('stray holds transaction numbers')
    await source.query('drop table stray')
    expect(await readdir(folder)).toEqual(['backup'])
  })
})
