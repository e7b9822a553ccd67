import { once } from 'node:events'
import { type ClientRequest, type IncomingMessage, request } from 'node:http'
import fc from 'fast-check'
import { Client } from 'pg'
import { v4 as uuidv4 } from 'uuid'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import {
  consentingUser,
  createTestApp,
  outcomesOf,
  playedEvent,
  sendEvents,
  type TestApp,
  type TestUser,
} from '#test'

const SECRETS = {
  APP_SECRET: Buffer.alloc(32, 1).toString('base64'),
  TOKEN_ENCRYPTION_KEYS: `test:${Buffer.alloc(32, 2).toString('base64')}`,
}
const START = new Date('2026-12-01T00:10:00Z')

let one: TestApp
/** Another process of the same system. */
let other: TestApp
let user: TestUser
let database: Client
beforeAll(async () => {
  one = await createTestApp({ env: SECRETS, startAt: START })
  const env = { ...SECRETS, DATABASE_URL: one.database.url }
  other = await createTestApp({ env, startAt: START })
  user = await consentingUser(one)
  database = new Client({ connectionString: one.database.url })
  await database.connect()
})
afterAll(async () => {
  await database.end()
  await other.close()
  await one.close()
})

const at = (occurredAt: string) => playedEvent({ occurredAt })
const event = () => at('2026-12-01T00:09:59.5Z')

async function storedIn(ids: readonly string[]) {
  const { rows } = await database.query<{ id: string; month: string; position: number }>(
    `select id, tableoid::regclass::text as month, (payload ->> 'positionMs')::int as position
     from analytics_event where id = any($1::uuid[]) order by occurred_at, id`,
    [ids],
  )
  return rows
}

function tally(statuses: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const status of statuses) counts[status] = (counts[status] ?? 0) + 1
  return counts
}

describe('the same event, twenty times at once', () => {
  it('is stored once, whichever process it comes to', async () => {
    const sent = event()
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        sendEvents(index % 2 === 0 ? one : other, user, sent),
      ),
    )
    const statuses = answers.map((answer) => answer.json<{ results: { status: string }[] }>())
    expect(tally(statuses.map(({ results }) => results[0]?.status ?? ''))).toEqual({
      accepted: 1,
      duplicate: 19,
    })
    expect(await storedIn([sent.id])).toHaveLength(1)
  })

  it('with twenty contents in three months is one event and nineteen conflicts', async () => {
    const id = uuidv4()
    const days = ['2026-12-01T00:10:00Z', '2026-11-30T23:59:59Z', '2026-11-02T00:00:00Z']
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        sendEvents(index % 2 === 0 ? one : other, user, {
          ...at(days[index % 3] ?? ''),
          id,
          payload: { ...event().payload, positionMs: index },
        }),
      ),
    )
    expect(tally(answers.map(({ statusCode }) => String(statusCode)))).toEqual({ 200: 1, 422: 19 })
    const winner = answers.findIndex(({ statusCode }) => statusCode === 200)
    expect(await storedIn([id])).toMatchObject([{ position: winner }])
  })
})

describe('batches that share events', () => {
  it('in any order, from both processes at once, never wait for each other for ever', async () => {
    const events = Array.from({ length: 60 }, event)
    const batches = Array.from({ length: 12 }, (_, turn) =>
      turn % 3 === 0 ? events.toReversed() : events.slice(turn),
    )
    const outcomes = await Promise.all(
      batches.map((batch, index) => outcomesOf(index % 2 === 0 ? one : other, user, batch)),
    )
    const statuses = outcomes.flat().map(({ status }) => status)
    expect(tally(statuses)).toEqual({ accepted: 60, duplicate: statuses.length - 60 })
    expect(await storedIn(events.map(({ id }) => id))).toHaveLength(60)
  })

  it('of whatever make give each event its due', async () => {
    const kind = fc.constantFrom('new', 'again', 'changed', 'broken' as const)
    await fc.assert(
      fc.asyncProperty(fc.array(kind, { minLength: 1, maxLength: 40 }), async (kinds) => {
        const known = event()
        await outcomesOf(one, user, [known])
        const changed = { ...known, payload: { ...known.payload, positionMs: 7 } }
        const sent = kinds.map((each) => {
          if (each === 'again') return known
          if (each === 'changed') return changed
          return each === 'new' ? event() : { ...event(), version: 99 }
        })
        const expected = { new: 'accepted', again: 'duplicate', changed: 'conflict' } as const
        expect((await outcomesOf(other, user, sent)).map(({ status }) => status)).toEqual(
          kinds.map((each) => (each === 'broken' ? 'rejected' : expected[each])),
        )
        const fresh = sent.filter((_, index) => kinds[index] === 'new').map(({ id }) => id)
        expect(await storedIn(fresh)).toHaveLength(fresh.length)
        expect(await storedIn([known.id])).toMatchObject([{ position: 1_000 }])
      }),
      { numRuns: 25 },
    )
  })
})

describe('an event', () => {
  it('is kept in its own month, which is made when it is not there', async () => {
    await database.query('drop table analytics_event_2026_11')
    const sent = ['2026-11-01T00:10:00Z', '2026-11-30T23:59:59.999Z', '2026-12-01T00:00:00Z'].map(
      at,
    )
    const outcomes = await outcomesOf(one, user, sent)
    expect(outcomes.map(({ status }) => status)).toEqual(['accepted', 'accepted', 'accepted'])
    expect((await storedIn(sent.map(({ id }) => id))).map(({ month }) => month)).toEqual([
      'analytics_event_2026_11',
      'analytics_event_2026_11',
      'analytics_event_2026_12',
    ])
  })

  it('whose month both processes lack is stored by both', async () => {
    await database.query('drop table analytics_event_2026_11')
    const sent = Array.from({ length: 8 }, () => at('2026-11-15T12:00:00Z'))
    const answers = await Promise.all(
      sent.map((each, index) => sendEvents(index % 2 === 0 ? one : other, user, each)),
    )
    expect(answers.map(({ statusCode }) => statusCode)).toEqual(sent.map(() => 200))
    expect(await storedIn(sent.map(({ id }) => id))).toHaveLength(8)
  })

  it('that the table refuses against all checks is rejected, and no other with it', async () => {
    await database.query(
      `alter table analytics_event add constraint poison check (payload ->> 'language' <> 'xx')`,
    )
    const bad = { ...event(), payload: { ...event().payload, language: 'xx' } }
    const good = Array.from({ length: 6 }, event)
    const answers = await Promise.all([
      outcomesOf(one, user, [...good.slice(0, 3), bad, ...good.slice(3, 5)]),
      outcomesOf(one, user, good.slice(5)),
    ])
    await database.query('alter table analytics_event drop constraint poison')
    expect(answers.flat().map(({ status }) => status)).toEqual([
      'accepted',
      'accepted',
      'accepted',
      'rejected',
      'accepted',
      'accepted',
      'accepted',
    ])
    expect(answers[0]?.[3]).toMatchObject({ problem: { code: 'analytics.not_storable' } })
    // Its key was not taken either: mended, it may be sent again.
    expect(await outcomesOf(one, user, [bad])).toMatchObject([{ status: 'accepted' }])
  })

  it('is durable before it is acknowledged, whatever the database does by default', async () => {
    const name = new URL(one.database.url).pathname.slice(1)
    await database.query(`alter database ${name} set synchronous_commit = off`)
    await database.query(`select pg_terminate_backend(pid) from pg_stat_activity
      where application_name = 'music-language test events'`)
    await database.query('create table seen (level text)')
    await database.query(`create function note_level() returns trigger language plpgsql as $$
      begin
        insert into seen values (current_setting('synchronous_commit'));
        return null;
      end $$`)
    // At the very end of the transaction: what holds then, holds for its commit.
    await database.query(`create constraint trigger note after insert on analytics_event
      deferrable initially deferred for each row execute function note_level()`)
    const outcomes = await outcomesOf(one, user, [event()])
    await database.query('drop trigger note on analytics_event')
    await database.query(`alter database ${name} reset synchronous_commit`)
    expect(outcomes).toMatchObject([{ status: 'accepted' }])
    expect((await database.query('select level from seen')).rows).toEqual([{ level: 'on' }])
  })

  it('is stored although its sender has gone away', async () => {
    const url = await one.app.listen({ host: '127.0.0.1', port: 0 })
    const sent = event()
    const lock = await lockedKeys()
    const post = eventRequest(url)
    const gone = new Promise<void>((resolve) => void post.once('close', resolve))
    post.on('error', () => undefined).end(JSON.stringify(sent))
    await expect.poll(waitingForLock, { timeout: 5_000 }).toBe(1)
    post.destroy()
    await gone
    await lock.release()
    await expect.poll(() => storedIn([sent.id]), { timeout: 5_000 }).toHaveLength(1)
  })
})

describe('a database that fails', () => {
  it('acknowledges nothing, and the same events can be sent again', async () => {
    const sent = Array.from({ length: 3 }, event)
    await database.query('alter table analytics_event_key rename to elsewhere')
    const failed = await sendEvents(one, user, { events: sent })
    await database.query('alter table elsewhere rename to analytics_event_key')
    expect(failed.statusCode).toBe(500)
    expect(failed.body).not.toContain('relation')
    expect(await storedIn(sent.map(({ id }) => id))).toEqual([])
    const again = await outcomesOf(one, user, sent)
    expect(again.map(({ status }) => status)).toEqual(['accepted', 'accepted', 'accepted'])
  })

  it('that drops its connections is answered 503 and used again at once', async () => {
    const lock = await lockedKeys()
    const sent = event()
    const pending = sendEvents(one, user, sent)
    await expect.poll(waitingForLock, { timeout: 5_000 }).toBe(1)
    await database.query(`select pg_terminate_backend(pid) ${WAITING}`)
    expect((await pending).statusCode).toBe(503)
    await lock.release()
    expect(await outcomesOf(one, user, [sent])).toMatchObject([{ status: 'accepted' }])
  })
})

describe('a system that is closed', () => {
  it('writes what it has taken first', async () => {
    const env = { ...SECRETS, DATABASE_URL: one.database.url }
    const third = await createTestApp({ env, startAt: START })
    const url = await third.app.listen({ host: '127.0.0.1', port: 0 })
    const post = async (body: object) => {
      const [answer] = await once(eventRequest(url).end(JSON.stringify(body)), 'response')
      return (answer as IncomingMessage).resume().statusCode
    }
    const lock = await lockedKeys()
    const first = event()
    const others = Array.from({ length: 20 }, event)
    const answers = [post(first)]
    await expect.poll(waitingForLock, { timeout: 5_000 }).toBe(1)
    answers.push(...others.map(post))
    const { registry } = third.system.metrics
    await expect
      .poll(() => registry.metrics(), { timeout: 1_400 })
      .toContain('analytics_events_waiting 20')
    const closed = third.close()
    await lock.release()
    expect(await Promise.all(answers)).toEqual(Array.from({ length: 21 }, () => 200))
    await closed
    expect(await storedIn([first, ...others].map(({ id }) => id))).toHaveLength(21)
  })
})

/** Over a connection of its own. */
const eventRequest = (url: string): ClientRequest =>
  request(`${url}/analytics/events`, {
    method: 'POST',
    agent: false,
    headers: { ...user.headers, 'content-type': 'application/json' },
  })

/** Holds up every write of events until it is released. */
async function lockedKeys() {
  const client = new Client({ connectionString: one.database.url })
  await client.connect()
  // Else a test that fails would hold up the rest.
  onTestFinished(() => client.end())
  await client.query('begin')
  await client.query('lock table analytics_event_key in exclusive mode')
  return {
    async release() {
      await client.query('rollback')
    },
  }
}

const WAITING = `from pg_stat_activity where datname = current_database()
  and application_name = 'music-language test events' and wait_event_type = 'Lock'`

const waitingForLock = async () => (await database.query(`select pid ${WAITING}`)).rowCount
