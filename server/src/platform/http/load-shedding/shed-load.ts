import type { FastifyReply, FastifyRequest } from 'fastify'
import type { HttpConfig } from '#platform/config'
import type { Logger, Metrics } from '#platform/telemetry'
import { bearerToken } from '../access.ts'
import { overloaded } from '../http.errors.ts'
import type { HttpServer } from '../http-types.ts'
import { PROBLEM_TYPE, problemBody } from '../problem.ts'
import { admission, type Priority, type Refusal } from './admission.ts'
import { clientNetwork } from './client-network.ts'
import { type Place, placeOf } from './place.ts'
import { pressureRefusal, watchProcess } from './process-pressure.ts'
import { shedLog } from './shed-log.ts'

export interface ShedLoadOptions {
  config: Pick<HttpConfig, 'minConcurrency' | 'maxConcurrency' | 'publicUrl'>
  metrics: Metrics
  logger: Logger
  /** The user of an access token that was lately found good; undefined for any other text. */
  userOf: (token: string) => string | undefined
  random?: () => number
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /** What goes first when not all can be served. Default: `normal`. */
    priority?: Priority
  }
  interface FastifyRequest {
    /** Undefined for a request that is not counted; `refused` when there was no place. */
    place: Place | 'refused' | undefined
  }
}

/** Retry-After, in seconds: spread, so that those refused together do not come back together. */
const RETRY_AFTER = { min: 1, spread: 4 }
/** A longer body than this is cut off with its connection rather than read to no use. */
const MAX_UNREAD_BYTES = 65_536

/** Refuses at once what cannot be served soon, before anything is spent on it. */
export function shedLoad(app: HttpServer, options: ShedLoadOptions): void {
  const { config, metrics, userOf, random = Math.random } = options
  const { minConcurrency: minLimit, maxConcurrency: maxLimit } = config
  const door = admission({ minLimit, maxLimit })
  const logShed = shedLog(options.logger)
  let watch: ReturnType<typeof watchProcess> | undefined
  metrics.httpLoad.readFrom(() =>
    (['requests', 'intake'] as const).map((lane) => ({ lane, ...door.state(lane) })),
  )
  // Only a process that listens is steered by how it fares; a start keeps the event loop busy.
  app.addHook('onListen', async () => {
    watch ??= watchProcess()
  })
  app.addHook('onClose', async () => watch?.stop())
  app.decorateRequest('place', undefined)

  const tenantOf = (request: FastifyRequest): string => {
    const token = bearerToken(request)
    return (token && userOf(token)) ?? clientNetwork(request.ip)
  }

  function refuse(request: FastifyRequest, reply: FastifyReply, why: Refusal, priority: Priority) {
    request.place = 'refused'
    metrics.httpShed.inc({ priority, reason: why })
    logShed(why)
    const retryAfterSeconds = RETRY_AFTER.min + Math.floor(random() * RETRY_AFTER.spread)
    const error = overloaded(retryAfterSeconds)
    if (hasLongBody(request)) reply.header('connection', 'close')
    reply
      .status(error.status)
      .header('retry-after', String(retryAfterSeconds))
      .header('cache-control', 'no-store')
      .header('x-content-type-options', 'nosniff')
      .type(PROBLEM_TYPE)
      .send(JSON.stringify(problemBody(error, config.publicUrl, request.id)))
  }

  app.addHook('onRequest', (request, reply, done) => {
    const { priority = 'normal' } = request.routeOptions.config
    if (priority === 'always') {
      done()
      return
    }
    const pressed = watch && pressureRefusal(watch.state(), priority)
    const entry = pressed ?? door.enter({ priority, tenant: tenantOf(request) })
    if (typeof entry === 'string') {
      refuse(request, reply, entry, priority)
      return
    }
    request.place = placeOf(entry, request, reply)
    done()
  })
  app.addHook('preValidation', ({ place }, _reply, done) => {
    if (typeof place === 'object') place.read()
    done()
  })
  app.addHook('onSend', ({ place }, _reply, payload, done) => {
    if (typeof place === 'object') place.answered()
    done(null, payload)
  })
  app.addHook('onResponse', ({ place }, _reply, done) => {
    if (typeof place === 'object') place.finished()
    done()
  })
}

function hasLongBody({ headers }: FastifyRequest): boolean {
  if (headers['transfer-encoding'] !== undefined) return true
  return Number(headers['content-length'] ?? 0) > MAX_UNREAD_BYTES
}
