/**
 * Analytics: takes the events that clients send, keeps them durably and passes them on. Owns
 * `analytics_event` and `analytics_event_key`, and of its lake of Parquet files `lake_file` and
 * `lake_erasure`.
 */
export { analyticsJobs, registerAnalyticsJobs } from './analytics.jobs.ts'
export { intakeMetrics } from './analytics.metrics.ts'
export { analyticsRoutes } from './analytics.routes.ts'
export type { AnalyticsTables } from './analytics.tables.ts'
export { type EventCatalogue, eventCatalogue } from './catalogue/event-catalogue.ts'
export { EVENT_TYPES } from './catalogue/event-types.ts'
export { eventErasure } from './event-erasure.ts'
export { eventStore } from './intake/event.store.ts'
export { type CheckedEvent, checkEvent } from './intake/event-check.ts'
export { frameCompiler } from './intake/event-frame.ts'
export { eventIntake, INTAKE_LANES } from './intake/event-intake.ts'
export { eventWriter } from './intake/event-writer.ts'
export { lakeJobs, registerLakeJobs } from './lake/lake.jobs.ts'
export { lakeStore } from './lake/lake.store.ts'
export type { LakeTables } from './lake/lake.tables.ts'
export { lakeErasure } from './lake/lake-erasure.ts'
export { lakeReads } from './lake/lake-reads.ts'
export { lakeUpkeep } from './lake/lake-upkeep.ts'
export { LAKE_READER, lakeWriter } from './lake/lake-writer.ts'
export { erasureStore } from './storage/erasure.store.ts'
export { EVENT_FEED, eventFeed } from './storage/event-feed.ts'
export { eventPartitions } from './storage/event-partitions.ts'
export { partitionStore } from './storage/partition.store.ts'
