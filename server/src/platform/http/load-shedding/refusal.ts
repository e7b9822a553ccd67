import type { IncomingMessage, ServerResponse } from 'node:http'
import { overloaded } from '../http.errors.ts'
import { PROBLEM_TYPE, problemBody } from '../problem.ts'
import { requestId } from '../request-log.ts'

/** Retry-After, in seconds: spread, so that those refused together do not come back together. */
const RETRY_AFTER = { min: 1, spread: 4 }
/** A longer body than this is cut off with its connection rather than read to no use. */
const MAX_UNREAD_BYTES = 65_536
/** Of the length and the alphabet of an id. */
const PLACEHOLDER = '0'.repeat(32)

/**
 * Answers that there is too much to do. Written out beforehand, but for the request's id: under an
 * overload it is these answers that a server mostly gives.
 */
export function refusals(publicUrl: string, random: () => number) {
  const error = overloaded(RETRY_AFTER.min)
  const document = JSON.stringify(problemBody(error, publicUrl, PLACEHOLDER))
  const [before = '', after = ''] = document.split(PLACEHOLDER)
  const length = String(Buffer.byteLength(document))

  return (request: IncomingMessage, response: ServerResponse): void => {
    const retryAfterSeconds = RETRY_AFTER.min + Math.floor(random() * RETRY_AFTER.spread)
    if (hasLongBody(request)) response.shouldKeepAlive = false
    response.writeHead(error.status, {
      'content-type': PROBLEM_TYPE,
      'content-length': length,
      'cache-control': 'no-store',
      'retry-after': String(retryAfterSeconds),
      'x-content-type-options': 'nosniff',
    })
    response.end(before + requestId(request) + after)
  }
}

function hasLongBody({ headers }: IncomingMessage): boolean {
  if (headers['transfer-encoding'] !== undefined) return true
  return Number(headers['content-length'] ?? 0) > MAX_UNREAD_BYTES
}
