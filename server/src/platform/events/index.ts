/** Events: an outbox that commits with its cause, and their way to consumers, by a broker or without. */
export type { EventConsumer } from './consumer.ts'
export type { JsonObject } from './envelope.ts'
export type { EventTables } from './event.tables.ts'
export { eventMetrics } from './event-metrics.ts'

export { eventSystem } from './event-system.ts'

export {
  comparePositions,
  FEED_START,
  type Feed,
  type FeedPosition,
} from './feed.ts'
export type { FeedReader } from './feed-reader.ts'
export { type AnyTransaction, type Outbox, outbox } from './outbox.ts'
export { outboxFeed } from './outbox-feed.ts'
export { tableFeed } from './table-feed.ts'
