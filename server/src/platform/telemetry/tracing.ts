import { type Attributes, SpanStatusCode, trace } from '@opentelemetry/api'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http'
import { resourceFromAttributes } from '@opentelemetry/resources'
import {
  BatchSpanProcessor,
  NodeTracerProvider,
  ParentBasedSampler,
  TraceIdRatioBasedSampler,
} from '@opentelemetry/sdk-trace-node'
import { ATTR_SERVICE_NAME } from '@opentelemetry/semantic-conventions'
import type { TelemetryConfig } from '#platform/config'

/**
 * Sends traces to an OTLP endpoint (`<endpoint>/v1/traces`) when one is configured.
 * Without one the OpenTelemetry API does nothing and costs next to nothing.
 */
export function startTracing(
  { otlpUrl, sampleRatio }: TelemetryConfig,
  serviceName: string,
): { enabled: boolean; stop(): Promise<void> } {
  if (otlpUrl === undefined) return { enabled: false, stop: async () => {} }
  const exporter = new OTLPTraceExporter({ url: `${otlpUrl.replace(/\/+$/, '')}/v1/traces` })
  const provider = new NodeTracerProvider({
    resource: resourceFromAttributes({ [ATTR_SERVICE_NAME]: serviceName }),
    sampler: new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(sampleRatio) }),
    spanProcessors: [new BatchSpanProcessor(exporter)],
  })
  provider.register()
  return {
    enabled: true,
    // A collector that is gone must not keep the process from ending.
    stop: () => provider.shutdown().catch(() => {}),
  }
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
