import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Admitted } from './admission.ts'

/** A request's place among those in hand. */
export interface Place {
  /** It has been read: how long a client takes to send it says nothing of us. */
  read(): void
  /** Its handler, or whoever refused it, has an answer. */
  answered(): void
  /** Its answer is out. */
  finished(): void
}

/**
 * Keeps the place until the work is over: the answer is out or, when the caller has hung up, the
 * handler has come to an end. Else whoever hangs up at once could start work without end.
 */
export function placeOf(admitted: Admitted, request: FastifyRequest, reply: FastifyReply): Place {
  let readMs: number | undefined
  let isAnswered = false
  let isClosed = false
  let isLeft = false

  function leave(): void {
    if (isLeft) return
    isLeft = true
    const nowMs = performance.now()
    // A refusal or a failure takes another time than an answer does.
    const isTelling = readMs !== undefined && reply.statusCode < 400
    const latencyMs = isTelling ? nowMs - (readMs ?? nowMs) : undefined
    admitted.leave({ route: request.routeOptions.url ?? 'unmatched', latencyMs, nowMs })
  }

  reply.raw.once('close', () => {
    isClosed = true
    if (isAnswered) leave()
  })
  return {
    read() {
      readMs = performance.now()
    },
    answered() {
      isAnswered = true
      if (isClosed) leave()
    },
    finished: leave,
  }
}
