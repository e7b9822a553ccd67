import type { Kysely } from 'kysely'
import { Value } from 'typebox/value'
import { RankedList } from './recommendations.schemas.ts'
import type { RecommendationTables } from './recommendations.tables.ts'

export interface StoredList {
  list: RankedList
  /** Of the link that the list was made from. */
  linkGeneration: string
  modelVersion: string
  expiresAt: Date
}

export type RecommendationStore = ReturnType<typeof recommendationStore>

/** SQL over the lists kept for users. */
export function recommendationStore(
  db: Kysely<Pick<RecommendationTables, 'recommendation_cache'>>,
) {
  return {
    /** Undefined when there is none of this link, or one in the shape of another release. */
    async list(
      userId: string,
      lang: string,
      linkGeneration: string,
    ): Promise<StoredList | undefined> {
      const row = await db
        .selectFrom('recommendation_cache')
        .select(['recommendations', 'model_version', 'expires_at'])
        .where('user_id', '=', userId)
        .where('lang', '=', lang)
        .where('link_generation', '=', linkGeneration)
        .executeTakeFirst()
      if (row === undefined || !Value.Check(RankedList, row.recommendations)) return undefined
      return {
        list: row.recommendations,
        linkGeneration,
        modelVersion: row.model_version,
        expiresAt: row.expires_at,
      }
    },

    async keep(userId: string, kept: StoredList, now: Date): Promise<void> {
      const columns = {
        link_generation: kept.linkGeneration,
        recommendations: JSON.stringify(kept.list),
        model_version: kept.modelVersion,
        updated_at: now,
        expires_at: kept.expiresAt,
      }
      await db
        .insertInto('recommendation_cache')
        .values({ user_id: userId, lang: kept.list.lang, ...columns })
        .onConflict((conflict) => conflict.columns(['user_id', 'lang']).doUpdateSet(columns))
        .execute()
    },

    async forget(userId: string): Promise<void> {
      await db.deleteFrom('recommendation_cache').where('user_id', '=', userId).execute()
    },

    /** Only what was made from this link. */
    async forgetLink(userId: string, linkGeneration: string): Promise<void> {
      await db
        .deleteFrom('recommendation_cache')
        .where('user_id', '=', userId)
        .where('link_generation', '=', linkGeneration)
        .execute()
    },
  }
}
