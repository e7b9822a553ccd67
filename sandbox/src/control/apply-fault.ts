import { setTimeout as delay } from 'node:timers/promises'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { geniusErrorBody } from '../genius/genius-routes.ts'
import { SpotifyError, spotifyErrorBody } from '../spotify/spotify-error.ts'
import type { Fault } from './faults.ts'
import type { Target } from './traffic.ts'

const DEFAULT_DELAY_MS = 1_000
const DEFAULT_STATUS = 503
const DEFAULT_RETRY_AFTER_SECONDS = 30

function errorBody(target: Target, status: number, message: string, reason?: string): unknown {
  if (target === 'genius') return geniusErrorBody(status, message)
  if (target === 'spotify.api') return spotifyErrorBody(new SpotifyError(status, message, reason))
  return { error: status >= 500 ? 'server_error' : 'invalid_request', error_description: message }
}

async function limit({ target, message, retryAfterSeconds }: Fault, reply: FastifyReply) {
  const text = message ?? 'API rate limit exceeded'
  await reply
    .code(429)
    .header('retry-after', String(retryAfterSeconds ?? DEFAULT_RETRY_AFTER_SECONDS))
    .send(errorBody(target, 429, text, 'QUOTA_EXCEEDED'))
}

/** Makes a request fail as asked. After `slow` the request goes on as usual. */
export async function applyFault(
  fault: Fault,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<void> {
  switch (fault.kind) {
    case 'slow':
      await delay(fault.delayMs ?? DEFAULT_DELAY_MS)
      return
    case 'status': {
      const status = fault.status ?? DEFAULT_STATUS
      const text = fault.message ?? 'Service unavailable'
      await reply.code(status).send(errorBody(fault.target, status, text))
      return
    }
    case 'rate-limit':
      await limit(fault, reply)
      return
    case 'invalid-grant':
      await reply.code(400).send({
        error: 'invalid_grant',
        error_description: fault.message ?? 'Refresh token revoked',
      })
      return
    case 'malformed':
      await reply.type('application/json; charset=utf-8').send('{"items": [{"id": "')
      return
    case 'hang':
      reply.hijack()
      return
    case 'reset':
      reply.hijack()
      request.raw.socket.resetAndDestroy()
      return
  }
}
