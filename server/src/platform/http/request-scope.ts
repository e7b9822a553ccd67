import { AsyncLocalStorage } from 'node:async_hooks'
import { randomBytes } from 'node:crypto'
import { context, propagation } from '@opentelemetry/api'
import type { HttpServer } from './http-types.ts'

/** The id of the request that code runs for. */
const scope = new AsyncLocalStorage<string>()

/** Lets what a handler calls know which request it runs for. */
export function scopeRequests(app: HttpServer): void {
  // Not earlier: what reads the body goes on in the context of its socket.
  app.addHook('preHandler', (request, _reply, done) => scope.run(request.id, done))
}

/**
 * Headers that join a call to another of our processes to the present request (W3C Trace Context):
 * by its span, or, while nothing is traced, by its id alone. Empty outside of a request.
 */
export function traceHeaders(): Record<string, string> {
  const headers: Record<string, string> = {}
  propagation.inject(context.active(), headers)
  const requestId = scope.getStore()
  if (headers['traceparent'] === undefined && requestId !== undefined) {
    headers['traceparent'] = `00-${requestId}-${randomBytes(8).toString('hex')}-00`
  }
  return headers
}
