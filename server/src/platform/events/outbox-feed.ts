import { type Kysely, sql } from 'kysely'
import type { EventTables } from './event.tables.ts'
import type { Feed } from './feed.ts'
import { tableFeed } from './table-feed.ts'

export const OUTBOX_FEED = 'outbox'

/** The events that domains appended with `outbox`, of whichever topic. */
export function outboxFeed(db: Kysely<EventTables>): Feed {
  return tableFeed(db, {
    name: OUTBOX_FEED,
    table: 'outbox_message',
    columns: {
      id: sql`id`,
      topic: sql`topic`,
      key: sql`key`,
      schemaVersion: sql`schema_version`,
      payload: sql`payload`,
      occurredAt: sql`occurred_at`,
      recordedAt: sql`recorded_at`,
    },
  })
}
