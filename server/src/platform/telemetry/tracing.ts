import { type Attributes, SpanStatusCode, trace } from '@opentelemetry/api'
import type { TelemetryConfig } from '#platform/config'

export interface Tracing {
  enabled: boolean
  /** Sends what is still waiting. */
  stop(): Promise<void>
}

/** Without an endpoint the OpenTelemetry API does nothing and costs next to nothing. */
export const noTracing: Tracing = { enabled: false, stop: async () => {} }

/** Starts to send traces, when an endpoint is configured; call before the system is composed. */
export async function startTracing(
  { otlpUrl, sampleRatio }: TelemetryConfig,
  serviceName: string,
): Promise<Tracing> {
  if (otlpUrl === undefined) return noTracing
  const { startOtlpTracing } = await import('./otlp-tracing.ts')
  const stop = startOtlpTracing({ endpoint: otlpUrl, sampleRatio, serviceName })
  return { enabled: true, stop }
}

/** Runs work inside a span, which ends with it and carries its failure. */
export function inSpan<T>(
  name: string,
  attributes: Attributes,
  work: () => Promise<T>,
): Promise<T> {
  return trace.getTracer('music-language').startActiveSpan(name, { attributes }, async (span) => {
    try {
      return await work()
    } catch (error) {
      span.setStatus({ code: SpanStatusCode.ERROR })
      span.recordException(error instanceof Error ? error : String(error))
      throw error
    } finally {
      span.end()
    }
  })
}
