import { randomBytes } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { trace } from '@opentelemetry/api'
import type { Metrics } from '#platform/telemetry'
import type { HttpServer } from './http-types.ts'

/** W3C Trace Context, version 00: `00-<trace id>-<parent id>-<flags>`. */
const TRACEPARENT = /^00-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}$/

/** The trace that a request belongs to: its caller's, else a new one. 32 hex digits. */
export function requestTraceId({ headers }: Pick<IncomingMessage, 'headers'>): string {
  const { traceparent } = headers
  const given = typeof traceparent === 'string' ? TRACEPARENT.exec(traceparent)?.[1] : undefined
  return given ?? trace.getActiveSpan()?.spanContext().traceId ?? randomBytes(16).toString('hex')
}

/** One log line and one measurement a request, written when its answer is out. */
export function observeRequests(app: HttpServer, metrics: Metrics): void {
  app.addHook('onResponse', async (request, reply) => {
    const { method, url: route = 'unmatched' } = request.routeOptions
    const latencyMs = reply.elapsedTime
    metrics.httpDuration.observe(
      { method: String(method ?? request.method), route, status_code: reply.statusCode },
      latencyMs / 1000,
    )
    request.log.info(
      {
        user_id: request.principal?.userId ?? null,
        method: request.method,
        endpoint: route,
        status_code: reply.statusCode,
        latency_ms: Math.round(latencyMs * 10) / 10,
        client_ip: request.ip,
      },
      'request',
    )
  })
}
