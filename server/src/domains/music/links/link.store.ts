import { type Insertable, type Kysely, type Selectable, sql, type Transaction } from 'kysely'
import type { SnapshotTables } from '../library/snapshot.tables.ts'
import type { LinkState, LinkTables } from './link.tables.ts'

/** Top lists go with the account that they are of. */
type Tables = LinkTables & SnapshotTables

export type LinkRow = Selectable<LinkTables['provider_account']>
export type AttemptRow = Selectable<LinkTables['link_attempt']>

interface TokenChange {
  access_token_sealed: string
  refresh_token_sealed: string
  access_expires_at: Date
}

export type LinkStore = ReturnType<typeof linkStore>
export type LockedLink = ReturnType<typeof lockedLink>

/** Changes to one link while its row is locked. */
function lockedLink(tx: Transaction<Tables>, linkId: string) {
  const change = (columns: Partial<TokenChange> & { state?: LinkState }, now: Date) =>
    tx
      .updateTable('provider_account')
      .set({ ...columns, updated_at: now })
      .where('id', '=', linkId)
      .execute()
  return {
    saveTokens: async (tokens: TokenChange, now: Date) => void (await change(tokens, now)),
    setState: async (state: LinkState, now: Date) => void (await change({ state }, now)),
  }
}

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

    async dropExpiredAttempts(now: Date): Promise<void> {
      await db.deleteFrom('link_attempt').where('expires_at', '<=', now).execute()
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

    /** Runs the work while nobody else, in any process, can change the link or have it locked. */
    withLockedLink<T>(
      linkId: string,
      work: (row: LinkRow | undefined, locked: LockedLink) => Promise<T>,
    ): Promise<T> {
      return db.transaction().execute(async (tx) => {
        const row = await tx
          .selectFrom('provider_account')
          .selectAll()
          .where('id', '=', linkId)
          .forUpdate()
          .executeTakeFirst()
        return work(row, lockedLink(tx, linkId))
      })
    },
  }
}
