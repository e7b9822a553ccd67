import type { Kysely } from 'kysely'
import type { Purpose } from './consent.schemas.ts'
import type { ProfileTables } from './profile.tables.ts'

export interface ConsentChange {
  purpose: Purpose
  granted: boolean
  changedAt: Date
}

/** Runs inside a transaction of its own, which commits what it wrote or nothing of it. */
export type ConsentWork<T> = (consents: ConsentQueries, within: Kysely<ProfileTables>) => Promise<T>

export type ConsentStore = ReturnType<typeof consentStore>
export type ConsentQueries = Omit<ConsentStore, 'transaction'>

/** SQL over what users have said about their consent. */
export function consentStore(db: Kysely<ProfileTables>) {
  return {
    ...consentQueries(db),
    transaction: <T>(work: ConsentWork<T>): Promise<T> =>
      db.transaction().execute((within) => work(consentQueries(within), within)),
  }
}

function consentQueries(db: Kysely<ProfileTables>) {
  const changes = (userId: string) =>
    db
      .selectFrom('user_consent')
      .select(['purpose', 'granted', 'changed_at as changedAt'])
      .where('user_id', '=', userId)

  return {
    /** The last change of each purpose that the user has ever spoken of. */
    latest(userId: string): Promise<ConsentChange[]> {
      return changes(userId)
        .distinctOn('purpose')
        .orderBy('purpose')
        .orderBy('id', 'desc')
        .execute()
    },

    /** The latest first. */
    history(userId: string, limit: number): Promise<ConsentChange[]> {
      return changes(userId).orderBy('id', 'desc').limit(limit).execute()
    },

    async append(userId: string, made: readonly ConsentChange[]): Promise<void> {
      await db
        .insertInto('user_consent')
        .values(
          made.map(({ purpose, granted, changedAt }) => ({
            user_id: userId,
            purpose,
            granted,
            changed_at: changedAt,
          })),
        )
        .execute()
    },
  }
}
