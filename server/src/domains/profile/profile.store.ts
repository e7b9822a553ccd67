import { type Kysely, sql } from 'kysely'
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

    /** Puts a language first, keeping the others in their order; in one statement, so none is lost. */
    async preferLanguage(userId: string, tag: string, most: number, now: Date): Promise<void> {
      const others = sql<string[]>`array_remove(user_profile.preferred_languages, ${tag})`
      await db
        .insertInto('user_profile')
        .values({ user_id: userId, display_name: '', preferred_languages: [tag], updated_at: now })
        .onConflict((conflict) =>
          conflict.column('user_id').doUpdateSet({
            preferred_languages: sql`(array[${tag}] || ${others})[1:${most}]`,
            updated_at: now,
          }),
        )
        .execute()
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
