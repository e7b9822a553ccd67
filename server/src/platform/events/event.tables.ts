import type { ColumnType, Generated, GeneratedAlways, JSONColumnType } from 'kysely'
import type { EventEnvelope, JsonObject } from './envelope.ts'

/** 64 bits, which PostgreSQL's driver gives as text. */
type Big = ColumnType<string, string | number, string | number>

export interface EventTables {
  outbox_message: {
    xid: ColumnType<string, never, string>
    seq: GeneratedAlways<string>
    id: string
    topic: string
    key: string
    schema_version: number
    payload: JSONColumnType<JsonObject>
    occurred_at: Date
    recorded_at: Generated<Date>
  }
  event_cursor: {
    feed: string
    consumer: string
    xid: string
    seq: Big
    updated_at: Generated<Date>
  }
  consumed_event: {
    consumer: string
    event_id: string
    consumed_at: Generated<Date>
  }
  dead_event: {
    consumer: string
    event_id: string
    topic: string
    key: string
    event: JSONColumnType<EventEnvelope>
    error: string
    attempts: number
    died_at: Generated<Date>
    redrive_at: Date | null
  }
}
