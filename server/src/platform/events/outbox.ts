import { type Kysely, sql } from 'kysely'
import { v7 as uuidv7 } from 'uuid'
import type { Clock } from '#platform/clock'
import type { JsonObject } from './envelope.ts'

/** A transaction over whichever tables its owner has. */
// biome-ignore lint/suspicious/noExplicitAny: Kysely's table types are invariant, so no supertype exists
export type AnyTransaction = Kysely<any>

export interface EventMessage {
  topic: string
  /** What the event is about, mostly a user's id: within one key the order is kept. */
  key: string
  payload: JsonObject
  /** Default: 1. */
  schemaVersion?: number
  /** UUID. Default: a new one. */
  id?: string
  /** Default: now. */
  occurredAt?: Date
}

export interface Outbox {
  /**
   * Appends events in the caller's transaction: they are delivered if it commits, else they never
   * were. @throws when `within` fails, or an id is there already.
   */
  append(within: AnyTransaction, messages: readonly EventMessage[]): Promise<void>
}

export function outbox({ clock }: { clock: Clock }): Outbox {
  return {
    async append(within, messages) {
      if (messages.length === 0) return
      const now = clock.now()
      const rows = messages.map(({ id, topic, key, payload, schemaVersion, occurredAt }) => ({
        id: id ?? uuidv7(),
        topic,
        key,
        schema_version: schemaVersion ?? 1,
        payload,
        occurred_at: (occurredAt ?? now).toISOString(),
      }))
      // One statement whatever their number; the identity column follows the array's order.
      await sql`
        insert into outbox_message (id, topic, key, schema_version, payload, occurred_at)
        select id, topic, key, schema_version, payload, occurred_at
        from rows from (jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as (
          id uuid, topic text, key text, schema_version integer, payload jsonb,
          occurred_at timestamptz)) with ordinality
        order by ordinality`.execute(within)
    },
  }
}
