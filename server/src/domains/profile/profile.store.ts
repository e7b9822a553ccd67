import type { Kysely } from 'kysely'
import type { ProfileTables } from './profile.tables.ts'

export interface ProfileChange {
  displayName?: string
  preferredLanguages?: string[]
}

export type ProfileStore = ReturnType<typeof profileStore>

/** SQL over profile's own table. */
export function profileStore(db: Kysely<ProfileTables>) {
  return {
    profile(userId: string) {
      return db
        .selectFrom('user_profile')
        .select(['display_name', 'preferred_languages'])
        .where('user_id', '=', userId)
        .executeTakeFirst()
    },

    /** Creates the row or changes the given columns of it, leaving the others alone. */
    async change(userId: string, change: ProfileChange, now: Date): Promise<void> {
      const columns = {
        ...(change.displayName !== undefined && { display_name: change.displayName }),
        ...(change.preferredLanguages !== undefined && {
          preferred_languages: change.preferredLanguages,
        }),
        updated_at: now,
      }
      await db
        .insertInto('user_profile')
        .values({ user_id: userId, display_name: '', preferred_languages: [], ...columns })
        .onConflict((conflict) => conflict.column('user_id').doUpdateSet(columns))
        .execute()
    },
  }
}
