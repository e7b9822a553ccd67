import type { Broker } from './broker.ts'
import type { EventMetrics } from './event-metrics.ts'
import type { Feed } from './feed.ts'
import type { FeedReader } from './feed-reader.ts'

/** The relay's cursor; also the name under which one process leads. */
export const RELAY = 'relay'

export interface RelayDependencies {
  broker: Pick<Broker, 'publish'>
  metrics: Pick<EventMetrics, 'published'>
  /** Consumers that read the feeds themselves before there was a broker. */
  standIns: readonly string[]
  batchSize?: number
}

const BATCH_SIZE = 500

/**
 * Publishes a feed to a broker in order, at least once: the cursor moves when the broker has
 * confirmed. Run by one process at a time; were there two, both would publish, and one be fenced.
 */
export function relayOf(feed: Feed, dependencies: RelayDependencies): FeedReader {
  const { broker, metrics, standIns, batchSize = BATCH_SIZE } = dependencies
  return {
    feed,
    consumer: RELAY,
    standIns,
    batchSize,
    async handle(entries, signal) {
      signal.throwIfAborted()
      await broker.publish(entries.map(({ event }) => event))
      metrics.published.inc({ feed: feed.name }, entries.length)
      return undefined
    },
  }
}
