import { SpanKind, SpanStatusCode, trace } from '@opentelemetry/api'
import type { LogEvent } from 'kysely'

/** Told of every statement: how long it took and whether it failed. */
export type QueryObserver = (event: { durationMs: number; failed: boolean; sql: string }) => void

const tracer = trace.getTracer('music-language/db')

/** Reports each statement to the observer and, inside a trace, as a span that ends now. */
export function queryLog(observe: QueryObserver | undefined) {
  return (event: LogEvent): void => {
    const failed = event.level === 'error'
    const text = event.query.sql
    observe?.({ durationMs: event.queryDurationMillis, failed, sql: text })
    if (trace.getActiveSpan() === undefined) return
    const operation = /^\w+/.exec(text)?.[0].toUpperCase() ?? 'statement'
    const span = tracer.startSpan(`db ${operation}`, {
      kind: SpanKind.CLIENT,
      startTime: Date.now() - event.queryDurationMillis,
      // The statement holds placeholders only, never values.
      attributes: { 'db.system.name': 'postgresql', 'db.query.text': text },
    })
    if (failed) span.setStatus({ code: SpanStatusCode.ERROR })
    span.end()
  }
}
