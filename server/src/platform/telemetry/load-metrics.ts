import { Counter, Gauge, type Registry } from 'prom-client'

/** One of the lanes in which requests are admitted. */
export interface LaneLoad {
  lane: string
  /** Requests that may be served at once. */
  limit: number
  inFlight: number
}

/** What the server takes on, and what it refuses to. */
export function loadMetrics(registry: Registry) {
  let read: (() => readonly LaneLoad[]) | undefined
  const gauge = (name: string, help: string, measure: (load: LaneLoad) => number) =>
    new Gauge({
      name,
      help,
      labelNames: ['lane'] as const,
      registers: [registry],
      // Read at each scrape: setting it at each request would cost every one of them.
      collect() {
        for (const load of read?.() ?? []) this.set({ lane: load.lane }, measure(load))
      },
    })
  gauge('http_concurrency_limit', 'Requests that may be served at once.', ({ limit }) => limit)
  gauge('http_requests_in_flight', 'Requests being served.', ({ inFlight }) => inFlight)
  return {
    httpLoad: {
      readFrom(source: NonNullable<typeof read>) {
        read = source
      },
    },
    httpShed: new Counter({
      name: 'http_requests_shed_total',
      help: 'Requests refused unread: the limit or the tenant’s share is full, or the process is.',
      labelNames: ['priority', 'reason'] as const,
      registers: [registry],
    }),
  }
}
