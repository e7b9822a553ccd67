import { describe, expect, it } from 'vitest'
import { AppError } from '#platform/errors'
import { eventCatalogue } from '../catalogue/event-catalogue.ts'
import { EVENT_TYPES } from '../catalogue/event-types.ts'
import { checkEvent, eventIdOf } from './event-check.ts'

const catalogue = eventCatalogue(EVENT_TYPES)
const NOW = new Date('2026-11-24T09:30:00Z')
const USER = '01980000-0000-7000-8000-0000000000aa'
const ID = '01980000-0000-7000-8000-000000000001'
const TRACK = '01980000-0000-7000-8000-0000000000cc'

const played = (changes: Record<string, unknown> = {}) => ({
  id: ID,
  type: 'track.played',
  version: 1,
  occurredAt: '2026-11-24T09:29:00.250Z',
  payload: { trackId: TRACK, source: 'search', positionMs: 1000 },
  ...changes,
})

const check = (sent: unknown, userId = USER) => checkEvent(catalogue, sent, { userId, now: NOW })

function good(sent: unknown, userId = USER) {
  const event = check(sent, userId)
  if (event instanceof AppError) throw event
  return event
}

const codeOf = (sent: unknown) => {
  const event = check(sent)
  return event instanceof AppError ? event.code : 'accepted'
}

describe('an event', () => {
  it('is read as it will be stored', () => {
    expect(good(played({ id: ID.toUpperCase() }))).toMatchObject({
      id: ID,
      userId: USER,
      occurredAt: new Date('2026-11-24T09:29:00.250Z'),
      payload: `{"positionMs":1000,"source":"search","trackId":"${TRACK}"}`,
      digest: expect.stringMatching(/^[0-9a-f]{32}$/),
    })
  })

  it.each([
    ['nothing', undefined],
    ['null', null],
    ['a text', 'event'],
    ['a list', [played()]],
    ['a member too many', played({ role: 'admin' })],
    ['no id', played({ id: undefined })],
    ['an id that is none', played({ id: 'x' })],
    ['an id of another version', played({ id: '01980000-0000-1000-8000-000000000001' })],
    ['a type that is no text', played({ type: 5 })],
    ['a version that is text', played({ version: '1' })],
    ['no time', played({ occurredAt: undefined })],
    ['a time without a zone', played({ occurredAt: '2026-11-24T09:29:00' })],
    ['a time that is a number', played({ occurredAt: NOW.getTime() })],
    ['a day that is none', played({ occurredAt: '2026-11-31T09:29:00Z' })],
    ['an hour that is none', played({ occurredAt: '2026-11-24T25:29:00Z' })],
  ])('is refused for what it is: %s', (_case, sent) => {
    expect(codeOf(sent)).toBe('analytics.invalid_event')
  })

  it.each([
    ['that nobody knows', played({ type: 'track.loved' })],
    ['named as a prototype’s member', played({ type: 'constructor' })],
    ['with U+0000', played({ type: 'track.played\u0000' })],
    ['in a version to come', played({ version: 2 })],
    ['in a version that is none', played({ version: 1.5 })],
  ])('is refused for its type: %s', (_case, sent) => {
    expect(codeOf(sent)).toBe('analytics.unknown_event_type')
  })

  it.each([
    ['missing', undefined],
    ['null', null],
    ['a list', []],
    ['without a field', { trackId: TRACK, source: 'search' }],
    ['with a field too many', { ...played().payload, lyrics: 'la la la' }],
    ['with U+0000', { ...played().payload, language: 'es\u0000' }],
    ['with a lone surrogate', { ...played().payload, language: 'es\ud800' }],
    ['with a line feed', { ...played().payload, language: 'es\n' }],
    ['with an endless number', { ...played().payload, positionMs: Infinity }],
    ['with a number as text', { ...played().payload, positionMs: '1000' }],
    ['with a member of a prototype', JSON.parse('{"__proto__":{"trackId":"x"}}')],
  ])('is refused for its payload: %s', (_case, payload) => {
    expect(codeOf(played({ payload }))).toBe('analytics.invalid_payload')
  })

  it('names what is wrong with a payload', () => {
    const event = check(played({ payload: { trackId: 'x', source: 'search', positionMs: 1 } }))
    expect(event).toMatchObject({ detail: expect.stringContaining('/trackId') })
  })

  it.each([
    ['2026-11-24T09:35:00Z', 'accepted'],
    ['2026-11-24T09:35:00.001Z', 'analytics.out_of_time'],
    ['2026-11-24T10:35:00+01:00', 'accepted'],
    ['2026-10-25T09:30:00Z', 'accepted'],
    ['2026-10-25T09:29:59.999Z', 'analytics.out_of_time'],
    ['0001-01-01T00:00:00Z', 'analytics.out_of_time'],
    ['9999-12-31T23:59:59Z', 'analytics.out_of_time'],
  ])('of %s is %s', (occurredAt, expected) => {
    expect(codeOf(played({ occurredAt }))).toBe(expected)
  })
})

describe('the digest of an event', () => {
  const digest = good(played()).digest

  it('is the same for the same content, however it is written down', () => {
    const payload = { source: 'search', positionMs: 1e3, trackId: TRACK }
    expect(good(played({ payload })).digest).toBe(digest)
    expect(good(played({ occurredAt: '2026-11-24T10:29:00.25+01:00' })).digest).toBe(digest)
  })

  it.each([
    ['its time', played({ occurredAt: '2026-11-24T09:29:00.251Z' })],
    ['its type', played({ type: 'track.skipped' })],
    ['a field', played({ payload: { ...played().payload, positionMs: 1001 } })],
  ])('is another for another content: %s', (_what, sent) => {
    expect(good(sent).digest).not.toBe(digest)
  })

  it('is another for another user', () => {
    expect(good(played(), TRACK).digest).not.toBe(digest)
  })
})

describe('the id of what was sent', () => {
  it('is told if it is one, and nothing else is', () => {
    expect(eventIdOf({ id: ID.toUpperCase() })).toBe(ID)
    for (const sent of [null, 'x', [], {}, { id: 5 }, { id: `${ID}\n` }, { id: 'x'.repeat(36) }]) {
      expect(eventIdOf(sent)).toBeNull()
    }
  })
})
