/** What a payload may be: what JSON can say. */
export type JsonObject = { readonly [name: string]: unknown }

/** An event as it travels: the same in a feed, on a broker and in a dead letter. */
export interface EventEnvelope {
  /** UUID; what consumers know an event by. */
  readonly id: string
  /** Stable string such as `user.erased`. */
  readonly topic: string
  /** Events of one key reach a consumer in the order in which they were committed. */
  readonly key: string
  /** ISO 8601 */
  readonly occurredAt: string
  readonly schemaVersion: number
  readonly payload: JsonObject
}

export function encodeEnvelope(event: EventEnvelope): Buffer {
  const { id, topic, key, occurredAt, schemaVersion, payload } = event
  return Buffer.from(JSON.stringify({ id, topic, key, occurredAt, schemaVersion, payload }))
}

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Reads what a broker delivers; undefined when it is no event of ours. */
export function decodeEnvelope(bytes: Uint8Array | string | null): EventEnvelope | undefined {
  return bytes === null ? undefined : envelopeFrom(parse(Buffer.from(bytes).toString('utf8')))
}

/** The same for what was parsed already. */
export function envelopeFrom(value: unknown): EventEnvelope | undefined {
  if (!isObject(value)) return undefined
  const { id, topic, key, occurredAt, schemaVersion, payload } = value
  if (typeof id !== 'string' || !UUID.test(id)) return undefined
  if (typeof topic !== 'string' || typeof key !== 'string') return undefined
  if (typeof occurredAt !== 'string' || Number.isNaN(Date.parse(occurredAt))) return undefined
  if (typeof schemaVersion !== 'number' || !isObject(payload)) return undefined
  return { id, topic, key, occurredAt, schemaVersion, payload }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
