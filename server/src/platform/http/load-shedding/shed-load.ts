import type { IncomingMessage, ServerResponse } from 'node:http'
import type { HttpConfig } from '#platform/config'
import type { Logger, Metrics } from '#platform/telemetry'
import { bearerToken } from '../access.ts'
import { clientAddress } from '../client-address.ts'
import type { HttpServer } from '../http-types.ts'
import { type Admitted, admission, type Priority, type Refusal } from './admission.ts'
import { clientNetwork } from './client-network.ts'
import { loopTurn } from './loop-turn.ts'
import { type Place, placeOf } from './place.ts'
import { pressureRefusal, watchProcess } from './process-pressure.ts'
import { refusals } from './refusal.ts'
import { routePriorities } from './route-priorities.ts'
import { shedLog } from './shed-log.ts'

export interface ShedLoadOptions {
  config: Pick<HttpConfig, 'minConcurrency' | 'maxConcurrency' | 'publicUrl'>
  metrics: Metrics
  logger: Logger
  isTrustedProxy: (address: string) => boolean
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

type Handle = (request: IncomingMessage, response: ServerResponse) => void

/** Stands before the router: gives what it lets through to `next`. */
export type Gate = (next: Handle) => Handle

/**
 * Refuses at once what cannot be served soon, before anything is spent on it. While the server is
 * crowded the gate refuses without the router and all that comes after it, which costs a third;
 * what it cannot judge, and what never passes a gate, is judged by a hook in the same way.
 */
export function loadShedding(options: ShedLoadOptions): {
  gate: Gate
  install(app: HttpServer): void
} {
  const { config, metrics, logger, isTrustedProxy, userOf, random = Math.random } = options
  const { minConcurrency: minLimit, maxConcurrency: maxLimit } = config
  const door = admission({ minLimit, maxLimit })
  const logShed = shedLog(logger)
  const sendRefusal = refusals(config.publicUrl, random)
  const routes = routePriorities()
  let watch: ReturnType<typeof watchProcess> | undefined
  let refusingMs = 0
  const turn = loopTurn(() => performance.now())
  const watches = { nowMs: () => performance.now(), refusingMs: () => refusingMs }

  const tenantOf = (request: IncomingMessage): string => {
    const token = bearerToken(request)
    return (token && userOf(token)) ?? clientNetwork(clientAddress(request, isTrustedProxy))
  }
  const pressed = (priority: Counted) => watch && pressureRefusal(watch.state(), priority)

  function refuse(
    request: IncomingMessage,
    response: ServerResponse,
    { priority, reason }: { priority: Counted; reason: Refusal },
  ): void {
    const startedMs = watches.nowMs()
    metrics.httpShed.inc({ priority, reason })
    logShed(reason)
    sendRefusal(request, response)
    refusingMs += watches.nowMs() - startedMs
  }

  function enter(request: IncomingMessage, priority: Counted): Admitted | Refusal {
    return pressed(priority) ?? door.enter({ priority, tenant: tenantOf(request) })
  }

  /** What to refuse a request for; undefined to let the hook decide, or to let it in. */
  function judgeEarly(request: IncomingMessage) {
    const route = routes.find(request.method ?? '', request.url ?? '')
    if (route === undefined || route.priority === 'always') return undefined
    const { priority } = route
    const reason = pressed(priority) ?? door.refusal({ priority, tenant: tenantOf(request) })
    return reason === undefined ? undefined : { ...route, priority, reason }
  }

  return {
    gate: (next) => (request, response) => {
      turn.begun()
      const isCalm = !door.isCrowded() && pressed('bulk') === undefined
      const refused = isCalm ? undefined : judgeEarly(request)
      if (refused === undefined) {
        next(request, response)
        return
      }
      const { method, url: route } = refused
      refuse(request, response, refused)
      const labels = { method, route, status_code: response.statusCode }
      metrics.httpDuration.observe(labels, turn.lastedMs() / 1000)
    },

    install(app) {
      metrics.httpLoad.readFrom(() =>
        (['requests', 'intake'] as const).map((lane) => ({ lane, ...door.state(lane) })),
      )
      // Only a process that listens is steered by how it fares; a start keeps the loop busy.
      app.addHook('onListen', async () => {
        watch ??= watchProcess()
      })
      app.addHook('onClose', async () => watch?.stop())
      app.addHook('onRoute', routes.add)
      app.decorateRequest('place', undefined)
      app.addHook('onRequest', (request, reply, done) => {
        const { priority = 'normal' } = request.routeOptions.config
        if (priority === 'always') {
          done()
          return
        }
        const entry = enter(request.raw, priority)
        if (typeof entry !== 'string') {
          request.place = placeOf(entry, request, reply, watches)
          done()
          return
        }
        request.place = 'refused'
        reply.hijack()
        refuse(request.raw, reply.raw, { priority, reason: entry })
      })
      reportToPlaces(app)
    },
  }
}

type Counted = Exclude<Priority, 'always'>

/** Tells each request's place how far the request has come. */
function reportToPlaces(app: HttpServer): void {
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
