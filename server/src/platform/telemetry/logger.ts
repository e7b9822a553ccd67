import { trace } from '@opentelemetry/api'
import { type DestinationStream, type Logger, pino } from 'pino'
import type { TelemetryConfig } from '#platform/config'

export type { Logger } from 'pino'

/** Joins every line written while a span is active to its trace. */
function activeTrace(): { trace_id?: string } {
  const span = trace.getActiveSpan()
  return span === undefined ? {} : { trace_id: span.spanContext().traceId }
}

/**
 * Logs one JSON object a line: `timestamp` (ISO 8601), `level` (upper case), `message`, and the
 * caller's fields. pino escapes control characters, so a value cannot forge a line.
 */
export function createLogger(
  { logLevel }: Pick<TelemetryConfig, 'logLevel'>,
  base: { service: string },
  destination?: DestinationStream,
): Logger {
  const options = {
    level: logLevel,
    base,
    messageKey: 'message',
    errorKey: 'error',
    mixin: activeTrace,
    timestamp: () => `,"timestamp":"${new Date().toISOString()}"`,
    formatters: { level: (label: string) => ({ level: label.toUpperCase() }) },
    redact: {
      paths: [
        'authorization',
        'cookie',
        'password',
        'token',
        'access_token',
        'refresh_token',
        '*.authorization',
        '*.cookie',
        '*.password',
        '*.token',
        '*.access_token',
        '*.refresh_token',
      ],
      censor: '[redacted]',
    },
  }
  return destination === undefined ? pino(options) : pino(options, destination)
}
