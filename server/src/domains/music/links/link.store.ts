import { type Insertable, type Kysely, type Selectable, sql, type Transaction } from 'kysely'
import type { SnapshotTables } from '../library/snapshot.tables.ts'
import type { LinkTables } from './link.tables.ts'
import { renewalStore } from './renewal.store.ts'

/** Top lists go with the account that they are of. */
type Tables = LinkTables & SnapshotTables

export type LinkRow = Selectable<LinkTables['provider_account']>
export type AttemptRow = Selectable<LinkTables['link_attempt']>

export type LinkStore = ReturnType<typeof linkStore>

async function dropSnapshots(tx: Transaction<Tables>, userId: string, provider: string) {
  await tx
    .deleteFrom('top_snapshot')
    .where('user_id', '=', userId)
    .where('provider', '=', provider)
    .execute()
}

/** SQL over linked accounts and unfinished attempts to link one. */
export function linkStore(db: Kysely<Tables>) {
  return {
    ...renewalStore(db),

    async addAttempt(attempt: Insertable<LinkTables['link_attempt']>): Promise<void> {
      await db.insertInto('link_attempt').values(attempt).execute()
    },

    /** Takes the attempt out: of any number of callers with one state, one gets it. */
    takeAttempt: (stateDigest: string): Promise<AttemptRow | undefined> =>
      db
        .deleteFrom('link_attempt')
        .where('state_digest', '=', stateDigest)
        .returningAll()
        .executeTakeFirst(),

    /** @returns how many there were. */
    async dropExpiredAttempts(now: Date): Promise<number> {
      const { numDeletedRows } = await db
        .deleteFrom('link_attempt')
        .where('expires_at', '<=', now)
        .executeTakeFirst()
      return Number(numDeletedRows)
    },

    link: (userId: string, provider: string): Promise<LinkRow | undefined> =>
      db
        .selectFrom('provider_account')
        .selectAll()
        .where('user_id', '=', userId)
        .where('provider', '=', provider)
        .executeTakeFirst(),

    links: (userId: string): Promise<LinkRow[]> =>
      db
        .selectFrom('provider_account')
        .selectAll()
        .where('user_id', '=', userId)
        .orderBy('provider')
        .execute(),

    /**
     * Adds the link or replaces the user's earlier one at the provider; what was kept of another
     * account goes with it.
     * @throws the unique violation of `provider_account_one_owner` when another user has it.
     */
    async replaceLink(link: Insertable<LinkTables['provider_account']>): Promise<void> {
      const { user_id, provider, account_id } = link
      await db.transaction().execute(async (tx) => {
        // Of two links that one user finishes at once, the second replaces the first.
        await sql`select pg_advisory_xact_lock(hashtextextended(${user_id}, 0))`.execute(tx)
        const earlier = await tx
          .deleteFrom('provider_account')
          .where('user_id', '=', user_id)
          .where('provider', '=', provider)
          .returning('account_id')
          .executeTakeFirst()
        if (earlier !== undefined && earlier.account_id !== account_id) {
          await dropSnapshots(tx, user_id, provider)
        }
        await tx.insertInto('provider_account').values(link).execute()
      })
    },

    /** Removes the link with its tokens, and what was kept of the account. */
    removeLink: (userId: string, provider: string): Promise<void> =>
      db.transaction().execute(async (tx) => {
        await tx
          .deleteFrom('provider_account')
          .where('user_id', '=', userId)
          .where('provider', '=', provider)
          .execute()
        await dropSnapshots(tx, userId, provider)
      }),
  }
}
