import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Admitted } from './admission.ts'

export interface Watches {
  nowMs(): number
  /** How long this process has spent on refusing requests, in all. */
  refusingMs(): number
}

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
 * The time in which others were refused is left out of what the request took: else a flood would
 * make it look slow, the limit would fall, and more would be refused.
 */
export function placeOf(
  admitted: Admitted,
  request: Pick<FastifyRequest, 'routeOptions'>,
  reply: Pick<FastifyReply, 'raw' | 'statusCode'>,
  { nowMs, refusingMs }: Watches,
): Place {
  const ourMs = () => nowMs() - refusingMs()
  let readMs: number | undefined
  let isAnswered = false
  let isClosed = false
  let isLeft = false

  function leave(): void {
    if (isLeft) return
    isLeft = true
    // A refusal or a failure takes another time than an answer does.
    const isTelling = readMs !== undefined && reply.statusCode < 400
    const latencyMs = isTelling ? ourMs() - (readMs ?? 0) : undefined
    admitted.leave({ route: request.routeOptions.url ?? 'unmatched', latencyMs, nowMs: nowMs() })
  }

  reply.raw.once('close', () => {
    isClosed = true
    if (isAnswered) leave()
  })
  return {
    read() {
      readMs = ourMs()
    },
    answered() {
      isAnswered = true
      if (isClosed) leave()
    },
    finished: leave,
  }
}
