import { Client } from 'pg'
import { v4 as uuidv4, v7 as uuidv7 } from 'uuid'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  consentingUser,
  createTestApp,
  outcomesOf,
  playedEvent,
  sendEvents,
  type TestApp,
  type TestUser,
} from '#test'

let test: TestApp
let user: TestUser
let database: Client
beforeAll(async () => {
  test = await createTestApp()
  user = await consentingUser(test)
  database = new Client({ connectionString: test.database.url })
  await database.connect()
})
afterAll(async () => {
  await database.end()
  await test.close()
})

async function stored(ids: readonly string[]) {
  const { rows } = await database.query(
    `select id, type, version, user_id, occurred_at, payload from analytics_event
     where id = any($1::uuid[]) order by id`,
    [ids],
  )
  return rows
}

describe('an event sent alone', () => {
  it('is stored as it was sent, under the user of the token', async () => {
    const event = playedEvent({ id: uuidv4().toUpperCase(), occurredAt: new Date().toISOString() })
    const answer = await sendEvents(test, user, event)
    expect(answer.statusCode).toBe(200)
    const id = event.id.toLowerCase()
    expect(answer.json()).toEqual({ results: [{ id, status: 'accepted' }] })
    expect(await stored([id])).toEqual([
      {
        id,
        type: 'track.played',
        version: 1,
        user_id: user.userId,
        occurred_at: new Date(event.occurredAt),
        payload: event.payload,
      },
    ])
  })

  it('may be sent again, and counts once', async () => {
    const event = playedEvent()
    await sendEvents(test, user, event)
    const again = await sendEvents(test, user, event)
    expect(again.json()).toEqual({ results: [{ id: event.id, status: 'duplicate' }] })
    expect(await stored([event.id])).toHaveLength(1)
  })

  it('with another content under the same id is answered 422, and the first one stays', async () => {
    const event = playedEvent()
    await sendEvents(test, user, event)
    const other = { ...event, payload: { ...event.payload, positionMs: 2_000 } }
    const answer = await sendEvents(test, user, other)
    expect(answer.statusCode).toBe(422)
    expect(answer.json()).toMatchObject({ code: 'analytics.event_conflict', status: 422 })
    expect(await stored([event.id])).toMatchObject([{ payload: event.payload }])
  })

  it('under an id that another user has taken is answered 422', async () => {
    const event = playedEvent()
    await sendEvents(test, user, event)
    const answer = await sendEvents(test, await consentingUser(test), event)
    expect(answer.statusCode).toBe(422)
    expect(await stored([event.id])).toMatchObject([{ user_id: user.userId }])
  })

  it.each([
    ['no event', {}, 'analytics.invalid_event'],
    ['a type that there is not', playedEvent({ type: 'x.y' }), 'analytics.unknown_event_type'],
    ['a payload that does not fit', playedEvent({ payload: {} }), 'analytics.invalid_payload'],
    [
      'text that cannot be stored',
      playedEvent({ payload: { ...playedEvent().payload, language: 'es\u0000' } }),
      'analytics.invalid_payload',
    ],
    [
      'an event of last year',
      playedEvent({ occurredAt: '2025-01-01T00:00:00Z' }),
      'analytics.out_of_time',
    ],
  ])('that is %s is answered 400, with what is wrong', async (_case, event, code) => {
    const answer = await sendEvents(test, user, event)
    expect(answer.statusCode).toBe(400)
    expect(answer.headers['content-type']).toContain('application/problem+json')
    expect(answer.json()).toMatchObject({ code, status: 400, detail: expect.any(String) })
  })
})

describe('events sent together', () => {
  it('are judged one by one, in order, and a bad one takes no other with it', async () => {
    const first = playedEvent()
    const twin = { ...first, payload: { ...first.payload, positionMs: 9 } }
    const last = playedEvent()
    const sent = [
      playedEvent({ type: 'x.y' }),
      first,
      null,
      first,
      { id: 5 },
      twin,
      playedEvent({ payload: { ...first.payload, language: '\ud800' } }),
      last,
    ]
    const outcomes = await outcomesOf(test, user, sent)
    expect(outcomes.map(({ status }) => status)).toEqual([
      'rejected',
      'accepted',
      'rejected',
      'duplicate',
      'rejected',
      'conflict',
      'rejected',
      'accepted',
    ])
    expect(outcomes[0]).toMatchObject({ problem: { code: 'analytics.unknown_event_type' } })
    expect(outcomes[2]).toEqual({
      id: null,
      status: 'rejected',
      problem: { code: 'analytics.invalid_event', detail: 'An event is an object.' },
    })
    expect(outcomes[5]).toMatchObject({ problem: { code: 'analytics.event_conflict' } })
    expect(await stored([first.id, last.id])).toMatchObject([
      { id: first.id, payload: first.payload },
      { id: last.id },
    ])
  })

  it('may be 500', async () => {
    const events = Array.from({ length: 500 }, () => playedEvent())
    const outcomes = await outcomesOf(test, user, events)
    expect(outcomes).toEqual(events.map(({ id }) => ({ id, status: 'accepted' })))
    expect(await stored(events.map(({ id }) => id))).toHaveLength(500)
  })

  it.each([
    ['none', { events: [] }],
    ['501', { events: Array.from({ length: 501 }, () => 0) }],
    ['no list', { events: 'x' }],
    ['a list without its name', [playedEvent()]],
    ['a list beside something else', { events: [playedEvent()], userId: uuidv7() }],
    ['a text', 'x'],
    ['null', null],
  ])('are refused as a whole when they are %s', async (_case, body) => {
    const answer = await sendEvents(test, user, body)
    expect(answer.statusCode).toBe(400)
    expect(answer.json()).toMatchObject({ code: 'http.invalid_request' })
  })

  it('beyond a megabyte are refused unread', async () => {
    const events = Array.from({ length: 500 }, () => ({ x: 'x'.repeat(3_000) }))
    expect((await sendEvents(test, user, { events })).statusCode).toBe(413)
  })
})

describe('events of somebody', () => {
  it('anonymous are not taken', async () => {
    const nobody = { headers: { authorization: '' } }
    expect((await sendEvents(test, nobody, playedEvent())).statusCode).toBe(401)
  })

  it('who does not consent are dropped, but for those that the service needs to work', async () => {
    const silent = await test.register()
    const opened = playedEvent({ type: 'app.opened', payload: { client: 'web', release: '1.0' } })
    const played = playedEvent()
    const outcomes = await outcomesOf(test, silent, [played, opened])
    expect(outcomes).toEqual([
      { id: played.id, status: 'dropped' },
      { id: opened.id, status: 'accepted' },
    ])
    expect(await stored([played.id, opened.id])).toMatchObject([{ id: opened.id }])
  })

  it('who takes consent back are dropped from then on, and kept again when it is given', async () => {
    const someone = await consentingUser(test)
    const choose = (analytics: boolean) =>
      test.app.inject({
        method: 'PUT',
        url: '/users/me/consents',
        headers: someone.headers,
        body: { analytics },
      })
    const event = playedEvent()
    await choose(false)
    expect(await outcomesOf(test, someone, [event])).toMatchObject([{ status: 'dropped' }])
    await choose(true)
    expect(await outcomesOf(test, someone, [event])).toMatchObject([{ status: 'accepted' }])
  })
})

describe('the types of events', () => {
  it('are there for everyone, with the schemas that payloads are judged by', async () => {
    const answer = await test.app.inject({ url: '/analytics/event-types' })
    expect(answer.statusCode).toBe(200)
    const { eventTypes } = answer.json<{ eventTypes: { type: string; schema: object }[] }>()
    expect(eventTypes.find(({ type }) => type === 'track.played')).toMatchObject({
      version: 1,
      purpose: 'analytics',
      maxPayloadBytes: 1024,
      schema: {
        type: 'object',
        additionalProperties: false,
        required: ['trackId', 'source', 'positionMs'],
        properties: { trackId: { type: 'string', format: 'uuid' } },
      },
    })
  })
})

describe('what happened to events', () => {
  it('is counted, by types that exist', async () => {
    await outcomesOf(test, user, [playedEvent(), playedEvent({ type: 'made.up' })])
    const text = await test.system.metrics.registry.metrics()
    expect(text).toMatch(/analytics_events_total\{type="track.played",result="accepted"\} \d+/)
    expect(text).toMatch(/analytics_events_total\{type="unknown",result="rejected"\} \d+/)
    expect(text).not.toContain('made.up')
    expect(text).toMatch(/analytics_group_events_count \d+/)
    expect(text).toMatch(/analytics_write_duration_seconds_count \d+/)
    expect(text).toContain('analytics_events_waiting 0')
  })
})
