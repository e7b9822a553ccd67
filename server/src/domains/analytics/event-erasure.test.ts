import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Database, openDatabase } from '#platform/db'
import { type FeedPosition, outbox } from '#platform/events'
import { consentingUser, createTestApp, outcomesOf, playedEvent, type TestApp } from '#test'
import type { AnalyticsTables } from './analytics.tables.ts'
import { eventErasure } from './event-erasure.ts'
import { erasureStore } from './storage/erasure.store.ts'
import { eventFeed } from './storage/event-feed.ts'

let test: TestApp
let opened: Database<AnalyticsTables>
let client: Client
beforeAll(async () => {
  test = await createTestApp()
  const limits = { poolMax: 4, statementTimeoutMs: 10_000 }
  opened = openDatabase({ url: test.database.url, ...limits, applicationName: 'test' })
  client = new Client({ connectionString: test.database.url })
  await client.connect()
})
afterAll(async () => {
  await client.end()
  await opened.close()
  await test.close()
})

const HOUR_MS = 3_600_000
const nowMs = Date.now()
/** Of other machines: one ahead of the intake's, one behind it. */
const clock = { now: () => new Date(nowMs + HOUR_MS) }
const behind = { now: () => new Date(nowMs - HOUR_MS) }

const erasure = ({ appending = outbox({ clock }), at = clock } = {}) =>
  eventErasure({ store: erasureStore(opened.db), outbox: appending, clock: at })

const rowsOf = async (userId: string) =>
  (await client.query('select from analytics_event where user_id = $1', [userId])).rowCount

describe('a user who is forgotten', () => {
  it('leaves no event behind, others keep theirs, and the rest of the system is told', async () => {
    const [user, other] = [await consentingUser(test), await consentingUser(test)]
    const sent = Array.from({ length: 5 }, () => playedEvent())
    await outcomesOf(test, user, sent)
    await outcomesOf(test, other, [playedEvent()])
    expect(await erasure().forgetUser(user.userId)).toBe(5)
    expect(await rowsOf(user.userId)).toBe(0)
    expect(await rowsOf(other.userId)).toBe(1)
    const keys = 'select from analytics_event_key where id = any($1::uuid[])'
    expect((await client.query(keys, [sent.map(({ id }) => id)])).rowCount).toBe(0)
    const { rows } = await client.query(
      `select payload, occurred_at from outbox_message where topic = 'user.erased' and key = $1`,
      [user.userId],
    )
    expect(rows).toEqual([{ payload: { userId: user.userId }, occurred_at: clock.now() }])
    expect(await erasure().forgetUser(user.userId)).toBe(0)
  })

  it('is gone everywhere up to the last event, even by a clock that is behind', async () => {
    const user = await consentingUser(test)
    await outcomesOf(test, user, [playedEvent()])
    const { rows: stored } = await client.query(
      'select max(received_at) as received_at from analytics_event where user_id = $1',
      [user.userId],
    )
    expect(await erasure({ at: behind }).forgetUser(user.userId)).toBe(1)
    const { rows: told } = await client.query(
      `select occurred_at as received_at from outbox_message where topic = 'user.erased' and key = $1`,
      [user.userId],
    )
    expect(told).toEqual(stored)
  })

  it('keeps every event when nobody could be told', async () => {
    const user = await consentingUser(test)
    await outcomesOf(test, user, [playedEvent()])
    const broken = { append: () => Promise.reject(new Error('no outbox')) }
    await expect(erasure({ appending: broken }).forgetUser(user.userId)).rejects.toThrow(
      'no outbox',
    )
    expect(await rowsOf(user.userId)).toBe(1)
  })
})

describe('the feed of events', () => {
  const feed = () => eventFeed(opened.db)

  /**
   * The next entries, once there are that many: a transaction in any database of the server, other
   * tests' included, holds a feed back while it runs.
   */
  async function nextEntries(since: FeedPosition, count: number) {
    await expect.poll(() => feed().read(since, count)).toHaveLength(count)
    return feed().read(since, 10)
  }

  it('tells each event as it was stored, in the order of commits', async () => {
    const user = await consentingUser(test)
    const since = await feed().positionBefore(new Date(8.64e15))
    const first = playedEvent()
    const second = playedEvent()
    await outcomesOf(test, user, [first])
    await outcomesOf(test, user, [second])
    const entries = await nextEntries(since, 2)
    expect(entries.map(({ event }) => event)).toEqual(
      [first, second].map((sent) => ({
        id: sent.id,
        topic: 'analytics.event',
        key: user.userId,
        occurredAt: sent.occurredAt,
        schemaVersion: 1,
        payload: {
          type: 'track.played',
          version: 1,
          userId: user.userId,
          receivedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
          payload: sent.payload,
        },
      })),
    )
    expect(await feed().read(entries[0]?.position ?? since, 1)).toEqual([entries[1]])
  })

  it('holds back what a transaction that still runs might come before', async () => {
    const user = await consentingUser(test)
    const since = await feed().positionBefore(new Date(8.64e15))
    await client.query('begin')
    await client.query('select pg_current_xact_id()')
    await outcomesOf(test, user, [playedEvent()])
    expect(await feed().read(since, 10)).toEqual([])
    await client.query('commit')
    expect(await nextEntries(since, 1)).toHaveLength(1)
  })
})
