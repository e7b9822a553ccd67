import type { Insertable, Kysely } from 'kysely'
import { errorCode } from '#platform/errors'
import type { IdentityTables, RevocationReason } from './identity.tables.ts'

const UNIQUE_VIOLATION = '23505'

export type IdentityQueries = ReturnType<typeof queries>
export type IdentityStore = ReturnType<typeof identityStore>

/** SQL over identity's own tables. */
export function identityStore(db: Kysely<IdentityTables>) {
  return {
    ...queries(db),
    transaction: <T>(work: (tx: IdentityQueries) => Promise<T>): Promise<T> =>
      db.transaction().execute((trx) => work(queries(trx))),
  }
}

function queries(db: Kysely<IdentityTables>) {
  return {
    /** Resolves to false when the address is taken. */
    async addAccount(row: Insertable<IdentityTables['user_account']>): Promise<boolean> {
      try {
        await db.insertInto('user_account').values(row).execute()
        return true
      } catch (error) {
        if (errorCode(error) === UNIQUE_VIOLATION) return false
        throw error
      }
    },

    accountByEmail(email: string) {
      return db
        .selectFrom('user_account')
        .select(['id', 'password_hash', 'role', 'status'])
        .where('email', '=', email)
        .executeTakeFirst()
    },

    accountById(userId: string) {
      return db
        .selectFrom('user_account')
        .select(['id', 'email', 'role', 'status', 'created_at'])
        .where('id', '=', userId)
        .executeTakeFirst()
    },

    async setPasswordHash(userId: string, passwordHash: string, now: Date): Promise<void> {
      await db
        .updateTable('user_account')
        .set({ password_hash: passwordHash, updated_at: now })
        .where('id', '=', userId)
        .execute()
    },

    async setStatus(userId: string, status: 'active' | 'disabled', now: Date): Promise<void> {
      await db
        .updateTable('user_account')
        .set({ status, updated_at: now })
        .where('id', '=', userId)
        .execute()
    },

    async addSession(row: Insertable<IdentityTables['session']>): Promise<void> {
      await db.insertInto('session').values(row).execute()
    },

    /** The session with its account's standing: what decides whether its tokens are good. */
    liveSession(sessionId: string, now: Date) {
      return db
        .selectFrom('session')
        .innerJoin('user_account', 'user_account.id', 'session.user_id')
        .select(['session.user_id', 'user_account.role'])
        .where('session.id', '=', sessionId)
        .where('session.revoked_at', 'is', null)
        .where('session.absolute_expires_at', '>', now)
        .where('user_account.status', '=', 'active')
        .executeTakeFirst()
    },

    /** Locks the session's row until the transaction ends, so that rotations happen in turn. */
    lockSession(sessionId: string) {
      return db
        .selectFrom('session')
        .innerJoin('user_account', 'user_account.id', 'session.user_id')
        .select([
          'session.user_id',
          'session.revoked_at',
          'session.idle_expires_at',
          'session.absolute_expires_at',
          'user_account.role',
          'user_account.status',
        ])
        .where('session.id', '=', sessionId)
        .forUpdate('session')
        .executeTakeFirst()
    },

    async touchSession(sessionId: string, now: Date, idleExpiresAt: Date): Promise<void> {
      await db
        .updateTable('session')
        .set({ last_used_at: now, idle_expires_at: idleExpiresAt })
        .where('id', '=', sessionId)
        .execute()
    },

    async revokeSession(sessionId: string, reason: RevocationReason, now: Date): Promise<void> {
      await db
        .updateTable('session')
        .set({ revoked_at: now, revoked_reason: reason })
        .where('id', '=', sessionId)
        .where('revoked_at', 'is', null)
        .execute()
    },

    /** Ends every live session of a user and gives their ids. */
    revokeSessions(userId: string, reason: RevocationReason, now: Date) {
      return db
        .updateTable('session')
        .set({ revoked_at: now, revoked_reason: reason })
        .where('user_id', '=', userId)
        .where('revoked_at', 'is', null)
        .returning('id')
        .execute()
    },

    refreshToken(sessionId: string, digest: string) {
      return db
        .selectFrom('refresh_token')
        .select(['rotated_at'])
        .where('session_id', '=', sessionId)
        .where('digest', '=', digest)
        .executeTakeFirst()
    },

    async addRefreshToken(sessionId: string, digest: string, now: Date): Promise<void> {
      await db
        .insertInto('refresh_token')
        .values({ digest, session_id: sessionId, issued_at: now, rotated_at: null })
        .execute()
    },

    async markRotated(digest: string, now: Date): Promise<void> {
      await db
        .updateTable('refresh_token')
        .set({ rotated_at: now })
        .where('digest', '=', digest)
        .execute()
    },

    /** The current key, and those retired after the given time, the newest first. */
    signingKeys(retiredAfter: Date) {
      return db
        .selectFrom('signing_key')
        .selectAll()
        .where((where) =>
          where.or([where('retired_at', 'is', null), where('retired_at', '>', retiredAfter)]),
        )
        .orderBy('created_at', 'desc')
        .execute()
    },

    /** Does nothing when another replica has just made the current key. */
    async addSigningKey(row: Insertable<IdentityTables['signing_key']>): Promise<void> {
      await db
        .insertInto('signing_key')
        .values(row)
        .onConflict((conflict) => conflict.doNothing())
        .execute()
    },
  }
}
