import { Counter, Gauge, type Registry } from 'prom-client'

export interface FeedLag {
  feed: string
  consumer: string
  lagSeconds: number
  heldBackSeconds: number
}

export type EventMetrics = ReturnType<typeof eventMetrics>

/** What the events of a process count, in its registry. */
export function eventMetrics(registry: Registry) {
  const registers = [registry]
  return {
    published: new Counter({
      name: 'events_published_total',
      help: 'Events that a broker has confirmed.',
      labelNames: ['feed'] as const,
      registers,
    }),
    consumed: new Counter({
      name: 'events_consumed_total',
      help: 'Events that took their effect.',
      labelNames: ['consumer'] as const,
      registers,
    }),
    failed: new Counter({
      name: 'events_failed_total',
      help: 'Attempts at an event that failed and were tried again, or were the last.',
      labelNames: ['consumer'] as const,
      registers,
    }),
    dead: new Counter({
      name: 'events_dead_total',
      help: 'Events that their consumer could not take.',
      labelNames: ['consumer'] as const,
      registers,
    }),
    lag: lagGauges(registry),
  }
}

/** Read at each scrape from whoever knows; without a source there are none. */
function lagGauges(registry: Registry) {
  let read: () => Promise<readonly FeedLag[]> = async () => []
  let reading: Promise<readonly FeedLag[]> | undefined

  /** One reading for both gauges. A database that is away must not cost the scrape all the rest. */
  function lags(): Promise<readonly FeedLag[]> {
    reading ??= read()
      .catch(() => [])
      .finally(() => {
        reading = undefined
      })
    return reading
  }

  function gauge(name: string, help: string, of: (lag: FeedLag) => number): void {
    new Gauge({
      name,
      help,
      labelNames: ['feed', 'consumer'] as const,
      registers: [registry],
      async collect() {
        for (const lag of await lags()) {
          this.set({ feed: lag.feed, consumer: lag.consumer }, of(lag))
        }
      },
    })
  }
  gauge(
    'event_lag_seconds',
    'Age of the oldest event in a feed that its reader has not come to.',
    ({ lagSeconds }) => lagSeconds,
  )
  gauge(
    'event_held_back_seconds',
    'Age of the oldest event that waits for an older transaction to end.',
    ({ heldBackSeconds }) => heldBackSeconds,
  )
  return {
    readFrom(source: typeof read) {
      read = source
    },
  }
}
