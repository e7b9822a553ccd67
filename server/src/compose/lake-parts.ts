import { join } from 'node:path'
import {
  LAKE_READER,
  type LakeTables,
  lakeErasure,
  lakeReads,
  lakeStore,
  lakeUpkeep,
  lakeWriter,
} from '#domains/analytics'
import type { EventSystem, Feed } from '#platform/events'
import type { Platform } from './platform-parts.ts'

interface Dependencies {
  eventFeed: Feed
  putAside: EventSystem['putAside']
}

/** The lake of Parquet files: who writes it, who keeps it in order, who reads it. */
export function lakeParts(platform: Platform, { eventFeed, putAside }: Dependencies) {
  const { config, db, objects, clock, logger } = platform
  const lake = {
    store: lakeStore(db.$pickTables<keyof LakeTables>()),
    objects,
    workFolder: join(config.dataDir, 'lake-work'),
    clock,
    logger,
  }
  const upkeep = lakeUpkeep({ ...lake, retentionMonths: config.analytics.retentionMonths })
  return {
    lakeUpkeep: upkeep,
    lakeReads: lakeReads(lake),
    lakeWriter: lakeWriter({
      ...lake,
      feed: eventFeed,
      putAside: (event, error) => putAside(LAKE_READER, event, error),
    }),
    lakeErasure: lakeErasure({ ...lake, sweep: upkeep.sweep }),
  }
}
