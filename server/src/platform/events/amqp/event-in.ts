import type { AsyncMessage } from 'rabbitmq-client'
import { decodeEnvelope, type EventEnvelope, envelopeFrom } from '../envelope.ts'

/** The event that a message carries; the client has parsed it already where its type says JSON. */
export function eventIn({ body }: AsyncMessage): EventEnvelope | undefined {
  return Buffer.isBuffer(body) || typeof body === 'string'
    ? decodeEnvelope(body)
    : envelopeFrom(body)
}
