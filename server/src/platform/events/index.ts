/** Events: an outbox that commits with its cause, and their way to consumers, by a broker or without. */
export type { ConsumerContext, EventConsumer } from './consumer.ts'
export type { EventEnvelope, JsonObject } from './envelope.ts'
export type { EventTables } from './event.tables.ts'
export { type EventMetrics, eventMetrics, type FeedLag } from './event-metrics.ts'
export type { EventParties } from './event-readers.ts'
export { type EventSystem, type EventSystemDependencies, eventSystem } from './event-system.ts'
export type { EventWorker } from './event-worker.ts'
export {
  comparePositions,
  FEED_START,
  type Feed,
  type FeedEntry,
  type FeedPosition,
} from './feed.ts'
export type { EventEffect, FeedReader } from './feed-reader.ts'
export { type AnyTransaction, type EventMessage, type Outbox, outbox } from './outbox.ts'
export { outboxFeed } from './outbox-feed.ts'
export { type TableFeedOptions, tableFeed } from './table-feed.ts'
