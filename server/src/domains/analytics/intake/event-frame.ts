import type { FastifySchemaCompiler } from 'fastify'
import { Type } from 'typebox'
import { Compile } from 'typebox/compile'
import { MAX_EVENTS } from '../analytics.schemas.ts'

/** A body of events: several, or one by itself. */
export interface SentBody {
  readonly events: readonly unknown[]
  readonly isBatch: boolean
}

const Batch = Type.Object(
  { events: Type.Array(Type.Unknown(), { minItems: 1, maxItems: MAX_EVENTS }) },
  { additionalProperties: false },
)

/**
 * Checks how events are sent and not the events, so that a bad one takes no good one with it: each
 * is judged by itself later. Gives a `SentBody`.
 */
export const frameCompiler: FastifySchemaCompiler<unknown> = () => {
  const batch = Compile(Batch)
  return (body: unknown) => {
    if (batch.Check(body)) return { value: { events: body.events, isBatch: true } }
    const isOne = typeof body === 'object' && body !== null && !Array.isArray(body)
    if (isOne && !('events' in body)) return { value: { events: [body], isBatch: false } }
    return { error: batch.Errors(body) }
  }
}
