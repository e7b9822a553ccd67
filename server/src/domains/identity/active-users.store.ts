import type { Kysely } from 'kysely'
import type { IdentityTables } from './identity.tables.ts'

/** Who uses the service: a session is used anew at least each time its access token ends. */
export function activeUserStore(db: Kysely<Pick<IdentityTables, 'session' | 'user_account'>>) {
  const active = (since: Date) =>
    db
      .selectFrom('session')
      .innerJoin('user_account', 'user_account.id', 'session.user_id')
      .where('session.revoked_at', 'is', null)
      .where('session.last_used_at', '>', since)
      .where('user_account.status', '=', 'active')

  return {
    /** Ids in their order, from the one after `afterUserId`, at most `limit`. */
    async after(afterUserId: string | null, since: Date, limit: number): Promise<string[]> {
      const rows = await active(since)
        .$if(afterUserId !== null, (query) => query.where('session.user_id', '>', afterUserId))
        .select('session.user_id')
        .distinct()
        .orderBy('session.user_id')
        .limit(limit)
        .execute()
      return rows.map(({ user_id }) => user_id)
    },

    async count(since: Date): Promise<number> {
      const { users } = await active(since)
        .select((select) => select.fn.count<string>('session.user_id').distinct().as('users'))
        .executeTakeFirstOrThrow()
      return Number(users)
    },
  }
}
