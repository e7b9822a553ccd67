import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { missingServer, type PostgresServer, startSystemPostgres } from '#servers'
import { createTestDatabase, type TestDatabase } from '#test'
import { createBackup } from './create-backup.ts'
import { folderPlace } from './folder-place.ts'
import { restoreBackup } from './restore-backup.ts'

const FEEDS = [
  { feed: 'outbox', table: 'outbox_message', order: 'row' },
  { feed: 'analytics_event', table: 'analytics_event', order: 'transaction' },
] as const
/** Transactions that the source is ahead of the fresh server. */
const AHEAD = 3_000

const missing = missingServer('postgresql')

describe.skipIf(missing)(`a backup on another server${missing ? ` (${missing})` : ''}`, () => {
  let source: TestDatabase
  let server: PostgresServer
  let target: string
  let folder: string

  async function ask<Row extends object>(url: string, sql: string): Promise<Row[]> {
    const client = new Client({ connectionString: url })
    await client.connect()
    try {
      return (await client.query<Row>(sql)).rows
    } finally {
      await client.end()
    }
  }

  beforeAll(async () => {
    source = await createTestDatabase()
    server = await startSystemPostgres({ fsync: false })
    // An ordinary role, which owns its database and no more.
    await ask(server.url, 'create role service login nosuperuser')
    await ask(server.url, 'create database restored owner service')
    const url = new URL(server.url)
    url.username = 'service'
    url.pathname = '/restored'
    target = url.href
    folder = await mkdtemp(join(tmpdir(), 'backup-test-'))
  })
  afterAll(async () => {
    await rm(folder, { recursive: true, force: true })
    await server?.stop()
    await source?.drop()
  })

  it('needs no superuser, and its events are read there at once, each once', async () => {
    await ask(
      source.url,
      `do $$ begin
         for n in 1..${AHEAD} loop perform pg_current_xact_id(); commit; end loop;
       end $$`,
    )
    for (const type of ['first', 'second', 'third']) {
      await ask(
        source.url,
        `insert into analytics_event (id, type, version, user_id, occurred_at, received_at, payload)
         values ('${randomUUID()}', '${type}', 1, '${randomUUID()}', now(), now(), '{}')`,
      )
    }
    await ask(
      source.url,
      `insert into event_cursor (feed, consumer, xid, seq)
       select 'analytics_event', 'lake', xid, seq from analytics_event order by xid, seq limit 1`,
    )
    const place = folderPlace(join(folder, 'backup'))
    await createBackup({ databaseUrl: source.url, place, feeds: FEEDS })
    const { counts } = await restoreBackup({ place, databaseUrl: target })
    expect(counts).toMatchObject({ analytics_event: 3 })

    const [before] = await ask<{ ahead: boolean }>(
      source.url,
      'select max(xid)::text::bigint > 3000 as ahead from analytics_event',
    )
    expect(before?.ahead).toBe(true)
    await ask(
      target,
      `insert into analytics_event (id, type, version, user_id, occurred_at, received_at, payload)
       values ('${randomUUID()}', 'fourth', 1, '${randomUUID()}', now(), now(), '{}')`,
    )
    const unread = await ask<{ type: string }>(
      target,
      `select entry.type from analytics_event as entry, event_cursor as reader
       where (entry.xid, entry.seq) > (reader.xid, reader.seq)
         and entry.xid < pg_snapshot_xmin(pg_current_snapshot())
       order by entry.xid, entry.seq`,
    )
    expect(unread.map(({ type }) => type)).toEqual(['second', 'third', 'fourth'])
  })
})
