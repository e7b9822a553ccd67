import { Counter, collectDefaultMetrics, Histogram, Registry } from 'prom-client'
import { cacheMetrics } from './cache-metrics.ts'
import { jobQueueGauges } from './job-queue-gauges.ts'
import { loadMetrics } from './load-metrics.ts'

/** Buckets in seconds, from a cached answer to a provider's time-out. */
const LATENCY_BUCKETS = [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 10]
const JOB_BUCKETS = [0.01, 0.05, 0.25, 1, 5, 15, 60, 300, 900]

/** Everything the system counts, in one registry; served by `metricsServer`. */
export function createMetrics() {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const registers = [registry]
  return {
    registry,
    httpDuration: new Histogram({
      name: 'http_request_duration_seconds',
      help: 'Time to answer a request, by route pattern and status.',
      labelNames: ['method', 'route', 'status_code'] as const,
      buckets: LATENCY_BUCKETS,
      registers,
    }),
    providerDuration: new Histogram({
      name: 'provider_request_duration_seconds',
      help: 'Time of one call to a provider; outcome is ok or the kind of failure.',
      labelNames: ['provider', 'operation', 'outcome'] as const,
      buckets: LATENCY_BUCKETS,
      registers,
    }),
    providerRetries: new Counter({
      name: 'provider_retries_total',
      help: 'Calls to a provider that were repeated.',
      labelNames: ['provider', 'operation'] as const,
      registers,
    }),
    ...cacheMetrics(registry),
    dbDuration: new Histogram({
      name: 'db_query_duration_seconds',
      help: 'Time of one statement, from asking for a connection to its last row.',
      labelNames: ['outcome'] as const,
      buckets: LATENCY_BUCKETS,
      registers,
    }),
    jobDuration: new Histogram({
      name: 'job_duration_seconds',
      help: 'Time of one attempt at a job; outcome is ok, failed, dead, returned or revoked.',
      labelNames: ['job', 'outcome'] as const,
      buckets: JOB_BUCKETS,
      registers,
    }),
    objectDuration: new Histogram({
      name: 'object_operation_duration_seconds',
      help: 'Time of one operation on an object; outcome is ok or the kind of failure.',
      labelNames: ['operation', 'outcome'] as const,
      buckets: JOB_BUCKETS,
      registers,
    }),
    modelLoads: new Counter({
      name: 'model_loads_total',
      help: 'Attempts to load a recommendation model; outcome is loaded or what was wrong with it.',
      labelNames: ['outcome'] as const,
      registers,
    }),
    ...loadMetrics(registry),
    /** Read at each scrape from whoever knows; without a source there is none. */
    jobQueues: jobQueueGauges(registry),
  }
}

export type Metrics = ReturnType<typeof createMetrics>
