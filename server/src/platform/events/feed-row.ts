import { type RawBuilder, sql } from 'kysely'
import type { JsonObject } from './envelope.ts'
import type { FeedEntry } from './feed.ts'

/** Expressions over a table's columns that make an event of a row. */
export type EventColumns = Readonly<
  Record<
    'id' | 'topic' | 'key' | 'schemaVersion' | 'payload' | 'occurredAt' | 'recordedAt',
    RawBuilder<unknown>
  >
>

export interface FeedRow {
  xid: string
  seq: string
  id: string
  topic: string
  key: string
  schema_version: number
  payload: JsonObject
  occurred_at: Date
  recorded_at: Date
}

export const selectEvent = (columns: EventColumns) => sql`
  ${columns.id} as id, ${columns.topic} as topic, ${columns.key} as key,
  ${columns.schemaVersion} as schema_version, ${columns.payload} as payload,
  ${columns.occurredAt} as occurred_at, ${columns.recordedAt} as recorded_at`

export const entryOf = (row: FeedRow): FeedEntry => ({
  position: { xid: row.xid, seq: row.seq },
  recordedAt: row.recorded_at,
  event: {
    id: row.id,
    topic: row.topic,
    key: row.key,
    occurredAt: row.occurred_at.toISOString(),
    schemaVersion: row.schema_version,
    payload: row.payload,
  },
})
