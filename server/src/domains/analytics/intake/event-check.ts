import { hash } from 'node:crypto'
import type { AppError } from '#platform/errors'
import { invalidEvent, invalidPayload, outOfTime, unknownEventType } from '../analytics.errors.ts'
import type { EventCatalogue, KnownEventType } from '../catalogue/event-catalogue.ts'
import { canonicalJson } from './canonical-json.ts'

/** An event that may be stored as it is. */
export interface CheckedEvent {
  /** Lower case. */
  readonly id: string
  readonly type: KnownEventType
  readonly userId: string
  readonly occurredAt: Date
  /** Canonical JSON. */
  readonly payload: string
  /** Of all that was sent and by whom: 32 hexadecimal digits. */
  readonly digest: string
}

/** Of whom an event is, and when it came. */
export interface Arrival {
  userId: string
  now: Date
}

/** What a client's clock may be ahead. */
const MAX_AHEAD_MS = 5 * 60_000
/** What a client may keep events to itself. */
export const MAX_AGE_DAYS = 30
const DAY_MS = 86_400_000

/** RFC 9562, versions 4 and 7: those that a client makes by itself. */
const EVENT_ID = /^[0-9a-f]{8}-[0-9a-f]{4}-[47][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/i
/** RFC 3339 */
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)$/i
const MEMBERS = new Set(['id', 'type', 'version', 'occurredAt', 'payload'])

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The id of what was sent, if it has one that can be told to the sender. */
export function eventIdOf(sent: unknown): string | null {
  const id = isObject(sent) ? sent['id'] : undefined
  return typeof id === 'string' && EVENT_ID.test(id) ? id.toLowerCase() : null
}

/** Judges what a client sent as an event: gives what can be stored, or why it is refused. */
export function checkEvent(
  catalogue: EventCatalogue,
  sent: unknown,
  { userId, now }: Arrival,
): CheckedEvent | AppError {
  if (!isObject(sent)) return invalidEvent('An event is an object.')
  const stranger = Object.keys(sent).find((name) => !MEMBERS.has(name))
  if (stranger !== undefined) return invalidEvent('There is a member that no event has.')
  const id = eventIdOf(sent)
  if (id === null) return invalidEvent('/id: must be a UUID of version 4 or 7')
  const type = typeOf(catalogue, sent)
  if (!('isValidPayload' in type)) return type
  const occurredAt = timeOf(sent['occurredAt'], now)
  if (!(occurredAt instanceof Date)) return occurredAt
  const payload = payloadOf(type, sent['payload'])
  if (typeof payload !== 'string') return payload
  const content = [userId, type.type, type.version, occurredAt.getTime(), payload].join('\n')
  const digest = hash('sha256', content, 'hex').slice(0, 32)
  return { id, type, userId, occurredAt, payload, digest }
}

function typeOf(
  catalogue: EventCatalogue,
  { type, version }: Record<string, unknown>,
): KnownEventType | AppError {
  if (typeof type !== 'string') return invalidEvent('/type: must be text')
  if (typeof version !== 'number') return invalidEvent('/version: must be a number')
  const known = catalogue.find(type, version)
  if (known !== undefined) return known
  const versions = catalogue.versionsOf(type)
  return unknownEventType(
    versions.length === 0
      ? '/type: is none of those that GET /analytics/event-types lists'
      : `/version: ${type} has ${versions.join(', ')}`,
  )
}

/** ECMAScript takes the 30th of February for the 2nd of March. Every month has a 28th. */
function hasItsDay(text: string): boolean {
  const day = text.slice(0, 10)
  return day.slice(8) <= '28' || new Date(day).toJSON()?.startsWith(day) === true
}

function timeOf(text: unknown, now: Date): Date | AppError {
  const isTime = typeof text === 'string' && TIME.test(text) && hasItsDay(text)
  const time = new Date(isTime ? text : Number.NaN)
  if (Number.isNaN(time.getTime())) {
    return invalidEvent('/occurredAt: must be a time such as "2026-11-24T09:30:00Z"')
  }
  const aheadMs = time.getTime() - now.getTime()
  if (aheadMs > MAX_AHEAD_MS) return outOfTime('/occurredAt: is more than 5 minutes ahead')
  if (aheadMs < -MAX_AGE_DAYS * DAY_MS) {
    return outOfTime(`/occurredAt: is more than ${MAX_AGE_DAYS} days ago`)
  }
  return time
}

function payloadOf(type: KnownEventType, payload: unknown): string | AppError {
  if (!type.isValidPayload(payload)) return invalidPayload(type.faultsOf(payload))
  const text = canonicalJson(payload)
  if (Buffer.byteLength(text) > type.maxPayloadBytes) {
    return invalidPayload(`the payload: has more than ${type.maxPayloadBytes} bytes`)
  }
  return text
}
