import { type Kysely, sql } from 'kysely'
import type { EventEnvelope } from './envelope.ts'
import type { EventTables } from './event.tables.ts'
import type { AnyTransaction } from './outbox.ts'

export interface DeadEvent {
  consumer: string
  event: EventEnvelope
  error: string
  attempts: number
  diedAt: Date
  /** Set when somebody has asked for another try. */
  redriveAt: Date | null
}

export type ConsumptionStore = ReturnType<typeof consumptionStore>

/** SQL over which consumer has had which event, and which events it could not take. */
export function consumptionStore(db: Kysely<EventTables>) {
  return {
    /** Of these events, the ids of those that the consumer has had, or given up. */
    async consumedIds(consumer: string, ids: readonly string[]): Promise<Set<string>> {
      const rows = await db
        .selectFrom('consumed_event')
        .select('event_id')
        .where('consumer', '=', consumer)
        .where('event_id', '=', sql<string>`any(${ids}::uuid[])`)
        .execute()
      return new Set(rows.map((row) => row.event_id))
    },

    /** @returns how many had no mark yet. */
    async mark(consumer: string, ids: readonly string[], within: AnyTransaction): Promise<number> {
      // In one order for everybody, so that two who mark the same events cannot deadlock.
      const { numAffectedRows } = await sql`
        insert into consumed_event (consumer, event_id)
        select ${consumer}, id from unnest(${ids.toSorted()}::uuid[]) as id
        on conflict do nothing`.execute(within)
      return Number(numAffectedRows ?? 0n)
    },

    /** Forgets that events were consumed since a time, so that a replay has its effect. */
    async unmarkSince(consumer: string, since: Date): Promise<void> {
      await db
        .deleteFrom('consumed_event')
        .where('consumer', '=', consumer)
        .where('consumed_at', '>=', since)
        .execute()
    },

    async bury(dead: Omit<DeadEvent, 'diedAt' | 'redriveAt'>): Promise<void> {
      const { consumer, event, error, attempts } = dead
      await db.transaction().execute(async (trx) => {
        await sql`
          insert into dead_event (consumer, event_id, topic, key, event, error, attempts)
          values (${consumer}, ${event.id}, ${event.topic}, ${event.key}, ${JSON.stringify(event)},
            ${error}, ${attempts})
          on conflict (consumer, event_id) do update set error = excluded.error,
            attempts = dead_event.attempts + excluded.attempts, died_at = now(), redrive_at = null`.execute(
          trx,
        )
        await this.mark(consumer, [event.id], trx)
      })
    },

    async listDead(filter: { consumer?: string; limit: number }): Promise<DeadEvent[]> {
      const { consumer } = filter
      return db
        .selectFrom('dead_event')
        .select(['consumer', 'event', 'error', 'attempts', 'died_at as diedAt'])
        .select('redrive_at as redriveAt')
        .$if(consumer !== undefined, (query) => query.where('consumer', '=', consumer ?? ''))
        .orderBy('died_at')
        .orderBy('event_id')
        .limit(filter.limit)
        .execute()
    },

    /** Asks for another try of a consumer's dead events, or of one. @returns how many. */
    async askRedrive(consumer: string, eventId?: string): Promise<number> {
      const { numUpdatedRows } = await db
        .updateTable('dead_event')
        .set({ redrive_at: sql<Date>`now()` })
        .where('consumer', '=', consumer)
        .$if(eventId !== undefined, (query) => query.where('event_id', '=', eventId ?? ''))
        .executeTakeFirst()
      return Number(numUpdatedRows)
    },

    /** Dead events that somebody wants tried again, in the order in which they happened. */
    async listAskedFor(consumer: string, limit: number): Promise<EventEnvelope[]> {
      const rows = await db
        .selectFrom('dead_event')
        .select('event')
        .where('consumer', '=', consumer)
        .where('redrive_at', 'is not', null)
        // An id is a UUIDv7: it sorts by the time at which the event was made.
        .orderBy('event_id')
        .limit(limit)
        .execute()
      return rows.map((row) => row.event)
    },

    async removeDead(consumer: string, eventId: string, within: AnyTransaction): Promise<number> {
      const { numAffectedRows } = await sql`
        delete from dead_event where consumer = ${consumer} and event_id = ${eventId}`.execute(
        within,
      )
      return Number(numAffectedRows ?? 0n)
    },
  }
}
