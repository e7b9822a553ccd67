import { setTimeout as pause } from 'node:timers/promises'
import type { Logger } from '#platform/telemetry'
import type { HttpServer } from './http-types.ts'

/** From when on a client is asked to come back on another connection. */
export interface Draining {
  isDraining(): boolean
  begin(): void
}

/** Lets every answer close its connection once draining has begun, whoever gives it. */
export function closeConnectionsWhenDraining(app: HttpServer): Draining {
  let draining = false
  // Before Fastify sees the request, for the answers of the router and of the limit as well.
  app.server.prependListener('request', (_request, response) => {
    if (draining) response.shouldKeepAlive = false
  })
  // Those that were under way when draining began.
  app.addHook('onSend', (_request, reply, _payload, done) => {
    if (draining) reply.header('connection', 'close')
    done()
  })
  return {
    isDraining: () => draining,
    begin() {
      draining = true
    },
  }
}

export interface DrainOptions {
  /** How long requests are still taken, while a balancer finds out and looks away. */
  drainMs: number
  /** Cuts everything short. */
  hurry: AbortSignal
  logger: Logger
}

/** What is under way gets so long to be answered; nothing of ours takes longer in good order. */
const FINISH_WITHIN_MS = 15_000

/**
 * Stops a server without dropping a request: goes on serving for `drainMs` while each answer closes
 * its connection, then takes no more, and waits for what is under way. Call `begin` first.
 */
export async function drain(app: HttpServer, options: DrainOptions): Promise<void> {
  const { drainMs, hurry, logger } = options
  await pause(drainMs, undefined, { signal: hurry }).catch(() => undefined)
  const tooLate = AbortSignal.any([hurry, AbortSignal.timeout(FINISH_WITHIN_MS)])
  const cutOff = () => {
    logger.warn('requests under way were cut off')
    app.server.closeAllConnections()
  }
  const closed = app.close()
  if (tooLate.aborted) cutOff()
  else tooLate.addEventListener('abort', cutOff, { once: true })
  await closed
  tooLate.removeEventListener('abort', cutOff)
}
