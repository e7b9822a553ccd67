import { randomUUID } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type {} from '@fastify/otel'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Logger, Metrics } from '#platform/telemetry'
import type { HttpServer } from './http-types.ts'

/** W3C Trace Context, version 00: `00-<trace id>-<parent id>-<flags>`. */
const TRACEPARENT = /^00-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}$/

/** Names a request: by its caller's trace, else anew. 32 hex digits. */
export function requestId({ headers }: Pick<IncomingMessage, 'headers'>): string {
  const { traceparent } = headers
  const given = typeof traceparent === 'string' ? TRACEPARENT.exec(traceparent)?.[1] : undefined
  // Node keeps random bytes at hand for these; `randomBytes` asks the system for each request.
  return given ?? randomUUID().replaceAll('-', '')
}

declare module 'fastify' {
  interface FastifyRequest {
    /** The trace that the request is part of; without tracing, its own name stands for it. */
    traceId: string
  }
}

/** Notes each request's trace while its span is open: when the answer is out, it no longer is. */
export function nameTraces(app: HttpServer): void {
  app.decorateRequest('traceId', '')
  app.addHook('onRequest', (request, _reply, done) => {
    request.traceId = traceIdOf(request)
    done()
  })
}

function traceIdOf(request: FastifyRequest): string {
  const span = request.server.hasRequestDecorator('opentelemetry')
    ? request.opentelemetry().span
    : null
  return span?.spanContext().traceId ?? request.id
}

export interface RequestRecords {
  metrics: Metrics
  /** For the lines of requests; see `requestLines`. */
  lines: Logger
}

/** A line holds no secret, so that none need be looked for in it, which costs more than to write it. */
export const requestLines = (logger: Logger): Logger => logger.child({}, { redact: [] })

/** One log line and one measurement of a request whose answer is out; what was shed is measured. */
export function recordRequest(
  { metrics, lines }: RequestRecords,
  request: FastifyRequest,
  reply: FastifyReply,
): void {
  const { method, url: route = 'unmatched' } = request.routeOptions
  const latencyMs = reply.elapsedTime
  metrics.httpDuration.observe(
    { method: String(method), route, status_code: reply.statusCode },
    latencyMs / 1000,
  )
  if (request.place === 'refused') return
  lines.info(
    {
      request_id: request.id,
      trace_id: request.traceId || request.id,
      user_id: request.principal?.userId ?? null,
      method: request.method,
      endpoint: route,
      status_code: reply.statusCode,
      latency_ms: Math.round(latencyMs * 10) / 10,
      client_ip: request.ip,
    },
    'request',
  )
}
