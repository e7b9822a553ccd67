/** Logs, metrics and traces: what operators see of the running system. */
export { createLogger, type Logger } from './logger.ts'
export { createMetrics, type Metrics } from './metrics.ts'
export { metricsServer } from './metrics-server.ts'
export { inSpan, noTracing, startTracing, type Tracing } from './tracing.ts'
