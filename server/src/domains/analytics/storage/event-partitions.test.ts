import { Client } from 'pg'
import { v7 as uuidv7 } from 'uuid'
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { type Database, openDatabase } from '#platform/db'
import { FEED_START, type FeedPosition } from '#platform/events'
import { createLogger } from '#platform/telemetry'
import { createTestDatabase, type TestDatabase } from '#test'
import type { AnalyticsTables } from '../analytics.tables.ts'
import { eventPartitions } from './event-partitions.ts'
import { partitionStore } from './partition.store.ts'

let server: TestDatabase
let opened: Database<AnalyticsTables>
let client: Client
let now: Date
beforeAll(async () => {
  server = await createTestDatabase()
  const limits = { poolMax: 4, statementTimeoutMs: 10_000 }
  opened = openDatabase({ url: server.url, ...limits, applicationName: 'test' })
  client = new Client({ connectionString: server.url })
  await client.connect()
})
afterAll(async () => {
  await client.end()
  await opened.close()
  await server.drop()
})
beforeEach(async () => {
  now = new Date('2026-11-24T09:30:00Z')
  for (const { name } of await partitionStore(opened.db).list()) {
    await client.query(`drop table ${name}`)
  }
  await client.query('truncate analytics_event_key')
})

const logger = createLogger({ logLevel: 'silent' }, { service: 'test' })
const running = new AbortController().signal

const partitions = (slowest: FeedPosition = FEED_START, retentionMonths = 1) =>
  eventPartitions({
    store: partitionStore(opened.db),
    slowestReader: async () => slowest,
    clock: { now: () => now },
    logger,
    retentionMonths,
  })

async function months(): Promise<string[]> {
  const found = await partitionStore(opened.db).list()
  return found.map(({ name }) => name.replace('analytics_event_', ''))
}

/** Stores an event of a day, and gives where it stands in the feed. */
async function stored(day: string): Promise<FeedPosition> {
  await partitions().addMonths([new Date(day)])
  const id = uuidv7()
  await client.query(
    `insert into analytics_event_key values ($1, decode(repeat('00', 16), 'hex'), $2)`,
    [id, day],
  )
  const { rows } = await client.query<FeedPosition>(
    `insert into analytics_event (id, type, version, user_id, occurred_at, received_at, payload)
     values ($1, 'app.opened', 1, $1, $2, now(), '{}') returning xid, seq`,
    [id, `${day}T12:00:00Z`],
  )
  return rows[0] ?? FEED_START
}

const keys = async () => (await client.query('select from analytics_event_key')).rowCount

describe('the months of events', () => {
  it('are there before they are needed, and for as long as events may come late', async () => {
    await partitions().maintain(running)
    expect(await months()).toEqual(['2026_10', '2026_11', '2026_12', '2027_01'])
    await partitions().maintain(running)
    expect(await months()).toHaveLength(4)
  })

  it('begin and end with the months of UTC', async () => {
    await client.query(`set time zone 'Pacific/Auckland'`)
    await partitions().addMonths([new Date('2026-03-31T23:59:59.999Z'), new Date('2026-03-01')])
    const { rows } = await client.query<{ bounds: string }>(
      `select pg_get_expr(relpartbound, oid) as bounds from pg_class
       where relname = 'analytics_event_2026_03'`,
    )
    await client.query(`set time zone 'UTC'`)
    expect(rows[0]?.bounds).toBe(
      `FOR VALUES FROM ('2026-03-01 13:00:00+13') TO ('2026-04-01 13:00:00+13')`,
    )
  })

  it('are made once, however many ask', async () => {
    const asked = Array.from({ length: 4 }, () => partitions().addMonths([now]))
    await Promise.all(asked)
    expect(await months()).toEqual(['2026_11'])
  })

  it('have the indexes and checks that all have', async () => {
    await stored('2026-11-01')
    const { rows } = await client.query<{ indexdef: string }>(
      `select indexdef from pg_indexes where tablename = 'analytics_event_2026_11'`,
    )
    const columns = rows.map(({ indexdef }) => /\((.*)\)$/.exec(indexdef)?.[1])
    expect(new Set(columns)).toEqual(new Set(['user_id', 'xid, seq']))
  })
})

describe('a month past its retention', () => {
  it('is dropped once everybody has read it', async () => {
    await stored('2026-08-01')
    const last = await stored('2026-09-30')
    await stored('2026-10-01')
    expect((await partitions(last).maintain(running)).dropped).toEqual([
      'analytics_event_2026_08',
      'analytics_event_2026_09',
    ])
    expect(await months()).toEqual(['2026_10', '2026_11', '2026_12', '2027_01'])
  })

  it('is kept while somebody has not', async () => {
    const first = await stored('2026-08-01')
    await stored('2026-08-02')
    await stored('2026-09-01')
    const upkeep = await partitions(first).maintain(running)
    expect(upkeep).toMatchObject({
      dropped: [],
      kept: ['analytics_event_2026_08', 'analytics_event_2026_09'],
    })
    expect(await months()).toContain('2026_08')
  })

  it('is dropped unread when there is nothing in it', async () => {
    await partitions().addMonths([new Date('2026-08-01')])
    expect((await partitions().maintain(running)).dropped).toEqual(['analytics_event_2026_08'])
  })

  it('is never one that events may still be sent for', async () => {
    now = new Date('2026-03-01T00:10:00Z')
    const last = await stored('2026-01-30')
    await partitions(last, 1).maintain(running)
    expect(await months()).toEqual(['2026_01', '2026_02', '2026_03', '2026_04', '2026_05'])
  })

  it('is kept for as many months as it should be', async () => {
    const last = await stored('2025-11-30')
    await partitions(last, 12).maintain(running)
    expect(await months()).toContain('2025_11')
    now = new Date('2026-12-01T00:00:00Z')
    await partitions(last, 12).maintain(running)
    expect(await months()).not.toContain('2025_11')
  })

  it('that an earlier attempt left half dropped is dropped', async () => {
    await stored('2026-08-01')
    await client.query('alter table analytics_event detach partition analytics_event_2026_08')
    expect((await partitions().maintain(running)).dropped).toEqual(['analytics_event_2026_08'])
    expect(await months()).not.toContain('2026_08')
  })

  it('does not hold up who reads or writes another', async () => {
    const last = await stored('2026-08-01')
    await stored('2026-11-01')
    const reader = new Client({ connectionString: server.url })
    await reader.connect()
    onTestFinished(() => reader.end())
    await reader.query('begin')
    await reader.query(`select from analytics_event where occurred_at >= '2026-11-01'`)
    const dropping = partitions(last).maintain(running)
    const detaching = `select from pg_stat_activity where query like '%detach partition%'
      and application_name = 'test' and datname = current_database() and wait_event is not null`
    await expect.poll(async () => (await client.query(detaching)).rowCount).toBe(1)
    await stored('2026-11-02')
    await reader.query('commit')
    expect((await dropping).dropped).toEqual(['analytics_event_2026_08'])
  })
})

describe('the keys of events', () => {
  it('are kept for as long as their events may be sent again', async () => {
    await stored('2026-10-22')
    await stored('2026-10-23')
    await stored('2026-11-24')
    expect((await partitions().maintain(running)).keysDropped).toBe(1)
    expect(await keys()).toBe(2)
  })

  it('are dropped in portions, until a stop is asked for', async () => {
    await client.query(`insert into analytics_event_key
      select gen_random_uuid(), decode(repeat('00', 16), 'hex'), '2026-01-01'
      from generate_series(1, 12000)`)
    await expect(partitions().maintain(AbortSignal.abort())).rejects.toThrow('aborted')
    expect(await keys()).toBe(12_000)
    expect((await partitions().maintain(running)).keysDropped).toBe(12_000)
    expect(await keys()).toBe(0)
  })
})
