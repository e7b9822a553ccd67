import {
  type EventConsumer,
  type EventTables,
  eventMetrics,
  eventSystem,
  type Feed,
  type FeedReader,
  outboxFeed,
} from '#platform/events'
import type { Platform } from './platform-parts.ts'

interface Dependencies {
  /** Tables that are read as feeds beside the outbox. */
  feeds: readonly Feed[]
  consumers: readonly EventConsumer[]
  readers: readonly FeedReader[]
}

/** The way of events to those who act on them: by the configured broker, else by the database. */
export function eventParts(platform: Platform, { feeds, consumers, readers }: Dependencies) {
  const { config, role, clock, logger, metrics } = platform
  const db = platform.db.$pickTables<keyof EventTables>()
  const events = eventSystem({
    db,
    directUrl: config.database.directUrl,
    bus: config.bus,
    processName: `music-language ${role}`,
    parties: { feeds: [outboxFeed(db), ...feeds], consumers, readers },
    metrics: eventMetrics(metrics.registry),
    clock,
    logger,
  })
  return { events }
}
