import type { Kysely } from 'kysely'
import type { AnalyticsTables } from '../analytics.tables.ts'

/** Runs inside a transaction of its own, which commits what it did or nothing of it. */
export type ErasureWork<T> = (
  erasure: ErasureQueries,
  within: Kysely<AnalyticsTables>,
) => Promise<T>

export type ErasureQueries = ReturnType<typeof erasureQueries>
export type ErasureStore = ReturnType<typeof erasureStore>

/** SQL that makes a user's events as if they had never been. */
export function erasureStore(db: Kysely<AnalyticsTables>) {
  return {
    transaction: <T>(work: ErasureWork<T>): Promise<T> =>
      db.transaction().execute((within) => work(erasureQueries(within), within)),
  }
}

function erasureQueries(db: Kysely<AnalyticsTables>) {
  return {
    /** Deletes a user's events and their keys; gives how many there were, and the latest of them. */
    async deleteEvents(userId: string): Promise<{ events: number; lastReceivedAt: Date | null }> {
      const { events, lastReceivedAt } = await db
        .with('gone', (query) =>
          query
            .deleteFrom('analytics_event')
            .where('user_id', '=', userId)
            .returning(['id', 'received_at']),
        )
        .with('freed', (query) =>
          query
            .deleteFrom('analytics_event_key')
            .where('id', 'in', (ids) => ids.selectFrom('gone').select('id')),
        )
        .selectFrom('gone')
        .select(({ fn }) => [
          fn.countAll<string>().as('events'),
          fn.max<Date | null>('received_at').as('lastReceivedAt'),
        ])
        .executeTakeFirstOrThrow()
      return { events: Number(events), lastReceivedAt }
    },
  }
}
