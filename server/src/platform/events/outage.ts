import { objectFault } from '#platform/objects'

/**
 * SQLSTATE classes and codes that tell of the server's state, not of the statement: connection (08),
 * transaction rollback (40), resources (53), locks (55), operator intervention (57), system (58).
 */
const SQLSTATE = /^(?:08|40|53|55|57|58)[0-9A-Z]{3}$/

/** What Node, undici and pg say when the other side cannot be reached, or the disk is full. */
const SYSTEM = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EMFILE',
  'ENFILE',
  'ENOSPC',
  'EIO',
  'UND_ERR_SOCKET',
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_BODY_TIMEOUT',
])

/** pg gives these no code. */
const PG_MESSAGE =
  /^(?:Connection terminated|Client has encountered a connection error|Query read timeout|timeout e(?:xceeded|xpired))/

const MAX_CAUSES = 5

/**
 * Whether an error tells of something that is down, not of the event that was being handled: such
 * an event is tried again for as long as it takes, and never called dead.
 */
export function isOutage(error: unknown): boolean {
  let current = error
  for (let depth = 0; depth < MAX_CAUSES && current instanceof Error; depth += 1) {
    if (tellsOfOutage(current)) return true
    current = current.cause
  }
  return false
}

function tellsOfOutage(error: Error & { code?: unknown; status?: unknown }): boolean {
  const { code, status } = error
  if (typeof code === 'string' && (SYSTEM.has(code) || SQLSTATE.test(code))) return true
  if (status === 502 || status === 503 || status === 504) return true
  if (error.name === 'AbortError' || error.name === 'TimeoutError') return true
  return PG_MESSAGE.test(error.message) || objectFault(error) === 'unavailable'
}
