import { BATCH_SIZE, type Broker } from './broker.ts'
import type { EventConsumer } from './consumer.ts'
import type { Deliver } from './delivery.ts'
import type { EventMetrics } from './event-metrics.ts'
import { type Feed, holdsAny } from './feed.ts'
import type { FeedReader } from './feed-reader.ts'
import { RELAY, relayOf } from './relay.ts'

/** Who is there to read: the same in every process of a system. */
export interface EventParties {
  feeds: readonly Feed[]
  /** Fed by the broker, where there is one, else by the feeds. */
  consumers: readonly EventConsumer[]
  /** Those who must see a feed itself, in its order. */
  readers: readonly FeedReader[]
}

/** The names under which somebody has a cursor in a feed. */
export function cursorNames(
  { consumers, readers }: EventParties,
  feed: Feed,
  { hasBroker }: { hasBroker: boolean },
): string[] {
  const own = readers.filter((reader) => reader.feed.name === feed.name)
  const fed = consumers.filter(({ topics }) => holdsAny(feed, topics))
  return [
    ...own.map(({ consumer }) => consumer),
    ...(hasBroker ? [RELAY] : fed.map(({ name }) => name)),
  ]
}

/** A consumer as a reader of a feed: its bus is the database. */
const feedConsumer = (consumer: EventConsumer, feed: Feed, deliver: Deliver): FeedReader => ({
  feed,
  consumer: consumer.name,
  batchSize: consumer.batchSize ?? BATCH_SIZE,
  async handle(entries, signal) {
    const events = entries.map(({ event }) => event)
    await deliver(consumer, events, signal)
    return undefined
  },
})

/** Everybody who reads a feed, by the name under which one process at a time does so. */
export function readersByName(
  { feeds, consumers, readers }: EventParties,
  {
    broker,
    deliver,
    metrics,
  }: { broker: Broker | undefined; deliver: Deliver; metrics: EventMetrics },
): Map<string, FeedReader[]> {
  const fromFeeds = feeds.flatMap((feed) => {
    const fed = consumers.filter(({ topics }) => holdsAny(feed, topics))
    if (broker === undefined) return fed.map((consumer) => feedConsumer(consumer, feed, deliver))
    return [relayOf(feed, { broker, metrics, standIns: fed.map(({ name }) => name) })]
  })
  return Map.groupBy([...readers, ...fromFeeds], ({ consumer }) => consumer)
}
