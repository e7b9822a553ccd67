import { once } from 'node:events'
import { Server } from 'node:net'
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
/** What was sent on a connection that is already here arrives within this time. */
const LATE_MS = 500

/**
 * Stops a server without dropping a request: goes on serving for `drainMs` while each answer closes
 * its connection, then takes no more connections, serves what still comes on those it has, and waits
 * for what is under way. Call `begin` first.
 */
export async function drain(app: HttpServer, options: DrainOptions): Promise<void> {
  const { drainMs, hurry, logger } = options
  const wait = (ms: number) => pause(ms, undefined, { signal: hurry }).catch(() => undefined)
  await wait(drainMs)
  const { server } = app
  if (server.listening) {
    const ended = once(server, 'close')
    // Of the net module: that of HTTP would cut off who has connected and not yet been read.
    Server.prototype.close.call(server)
    await wait(LATE_MS)
    server.closeIdleConnections()
    await endedOrCutOff(ended)
  }
  await app.close()

  async function endedOrCutOff(ended: Promise<unknown>): Promise<void> {
    const tooLate = AbortSignal.any([hurry, AbortSignal.timeout(FINISH_WITHIN_MS)])
    const cutOff = () => {
      logger.warn('requests under way were cut off')
      server.closeAllConnections()
    }
    if (tooLate.aborted) cutOff()
    else tooLate.addEventListener('abort', cutOff, { once: true })
    await ended
    tooLate.removeEventListener('abort', cutOff)
  }
}
