import { type Kysely, sql } from 'kysely'
import { type Feed, tableFeed } from '#platform/events'
import type { AnalyticsTables } from '../analytics.tables.ts'

/** The topic of every event that clients sent. */
const EVENT_TOPIC = 'analytics.event'

/** The cursors of its readers are kept under this name. */
export const EVENT_FEED = 'analytics_event'

/**
 * The stored events in the order of their commits: the table is its own outbox. The key is the
 * user, so that what one user did is passed on in order.
 */
export function eventFeed(db: Kysely<AnalyticsTables>): Feed {
  return tableFeed(db, {
    name: EVENT_FEED,
    topics: [EVENT_TOPIC],
    table: 'analytics_event',
    columns: {
      id: sql`id`,
      topic: sql`${sql.lit(EVENT_TOPIC)}`,
      key: sql`user_id::text`,
      schemaVersion: sql`1`,
      payload: sql`jsonb_build_object(
        'type', type, 'version', version, 'userId', user_id,
        'receivedAt', to_char(received_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
        'payload', payload)`,
      occurredAt: sql`occurred_at`,
      recordedAt: sql`received_at`,
    },
  })
}
