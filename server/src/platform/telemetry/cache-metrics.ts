import { Counter, Gauge, type Registry } from 'prom-client'

/** Of the cache: the hit ratio by layer, and how it gets on with Redis. */
export function cacheMetrics(registry: Registry) {
  const registers = [registry]
  return {
    cacheReads: new Counter({
      name: 'cache_reads_total',
      help: 'Reads of the cache; result is l1 (memory), l2 (Redis), stale (past its time) or miss.',
      labelNames: ['cache', 'result'] as const,
      registers,
    }),
    cacheDrops: new Counter({
      name: 'cache_drops_total',
      help: 'Values in memory whose time was over (expired) or that made room (evicted).',
      labelNames: ['cache', 'cause'] as const,
      registers,
    }),
    cacheRemoteFailures: new Counter({
      name: 'cache_remote_failures_total',
      help: 'What Redis did not do for the cache; cause: unanswered, slow, refused, unreadable.',
      labelNames: ['operation', 'cause'] as const,
      registers,
    }),
    cacheRemoteUp: new Gauge({
      name: 'cache_remote_up',
      help: '1 while the cache is shared through Redis, 0 while this process does without.',
      registers,
    }),
  }
}
