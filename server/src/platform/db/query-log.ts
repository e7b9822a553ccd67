import { SpanKind, SpanStatusCode, trace } from '@opentelemetry/api'
import type { LogEvent } from 'kysely'
import { normalisedStatement, type SlowQuery } from './slow-query.ts'

export interface QueryWatch {
  /** Told of each statement: how long it took and whether it failed. */
  observe?: (event: { durationMs: number; failed: boolean; sql: string }) => void
  /** From here on a statement is slow. */
  slowQueryMs?: number
  onSlow?: (query: SlowQuery) => void
}

const tracer = trace.getTracer('music-language/db')

function recordSpan(sql: string, durationMs: number, failed: boolean): void {
  const operation = /^\w+/.exec(sql)?.[0].toUpperCase() ?? 'statement'
  const span = tracer.startSpan(`db ${operation}`, {
    kind: SpanKind.CLIENT,
    startTime: Date.now() - durationMs,
    // The statement holds placeholders only, never values.
    attributes: { 'db.system.name': 'postgresql', 'db.query.text': sql },
  })
  if (failed) span.setStatus({ code: SpanStatusCode.ERROR })
  span.end()
}

/** Reports each statement to the watch and, inside a trace, as a span that ends now. */
export function queryLog({ observe, onSlow, slowQueryMs = Infinity }: QueryWatch) {
  return (event: LogEvent): void => {
    const { sql } = event.query
    const { queryDurationMillis: durationMs } = event
    const failed = event.level === 'error'
    observe?.({ durationMs, failed, sql })
    if (durationMs >= slowQueryMs) {
      onSlow?.({ statement: normalisedStatement(sql), durationMs: Math.round(durationMs), failed })
    }
    if (trace.getActiveSpan() !== undefined) recordSpan(sql, durationMs, failed)
  }
}
