import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http'
import { resourceFromAttributes } from '@opentelemetry/resources'
import {
  BatchSpanProcessor,
  NodeTracerProvider,
  ParentBasedSampler,
  TraceIdRatioBasedSampler,
} from '@opentelemetry/sdk-trace-node'
import { ATTR_SERVICE_NAME } from '@opentelemetry/semantic-conventions'

export interface OtlpOptions {
  /** Base of an OTLP/HTTP endpoint; traces go to `<endpoint>/v1/traces`. */
  endpoint: string
  /** Share of new traces that are kept, 0 to 1. */
  sampleRatio: number
  serviceName: string
}

/** Registers a tracer provider that sends spans in batches. Resolves to what flushes and ends it. */
export function startOtlpTracing({ endpoint, sampleRatio, serviceName }: OtlpOptions) {
  const exporter = new OTLPTraceExporter({ url: `${endpoint.replace(/\/+$/, '')}/v1/traces` })
  const provider = new NodeTracerProvider({
    resource: resourceFromAttributes({ [ATTR_SERVICE_NAME]: serviceName }),
    sampler: new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(sampleRatio) }),
    spanProcessors: [new BatchSpanProcessor(exporter)],
  })
  provider.register()
  // A collector that is gone must not keep the process from ending.
  return () => provider.shutdown().catch(() => {})
}
