/** Events: an outbox that commits with its cause, and their way to consumers, by a broker or without. */
export type { EventConsumer } from './consumer.ts'
export type { EventEnvelope, JsonObject } from './envelope.ts'
export type { EventTables } from './event.tables.ts'
export { eventMetrics } from './event-metrics.ts'
export { type EventSystem, eventSystem } from './event-system.ts'
export {
  comparePositions,
  FEED_START,
  type Feed,
  type FeedEntry,
  type FeedPosition,
} from './feed.ts'
export type { EventEffect, FeedReader } from './feed-reader.ts'
export { isOutage } from './outage.ts'
export { type AnyTransaction, type Outbox, outbox } from './outbox.ts'
export { outboxFeed } from './outbox-feed.ts'
export { tableFeed } from './table-feed.ts'
