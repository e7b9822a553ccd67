import { type Kysely, sql } from 'kysely'
import { v7 as uuidv7 } from 'uuid'
import { recommendationStore, type StoredList } from '../recommendations.store.ts'
import type { RecommendationTables } from '../recommendations.tables.ts'

/** A round over all active users, as far as it has come. */
export interface Round {
  id: string
  startedAt: Date
  afterUserId: string | null
  users: number
  lists: number
  skipped: number
}

/** What was made for the users that come next. */
export interface Portion {
  lastUserId: string
  users: number
  skipped: number
  lists: readonly { userId: string; kept: StoredList }[]
}

/** Somebody else has gone on with the round: what was made here is not kept. */
class RoundTakenError extends Error {
  constructor() {
    super('another worker goes on with this round')
    this.name = 'RoundTakenError'
  }
}

export type PrecomputeStore = ReturnType<typeof precomputeStore>

const ROUNDS_KEPT = 100

/** SQL over the rounds, and the lists that they make. */
export function precomputeStore(
  db: Kysely<Pick<RecommendationTables, 'reco_precompute' | 'recommendation_cache'>>,
) {
  async function unfinished(): Promise<Round | undefined> {
    const row = await db
      .selectFrom('reco_precompute')
      .selectAll()
      .where('finished_at', 'is', null)
      .executeTakeFirst()
    if (row === undefined) return undefined
    const { id, users, lists, skipped } = row
    return { id, startedAt: row.started_at, afterUserId: row.after_user_id, users, lists, skipped }
  }

  return {
    /** The round that was begun and not finished, else a new one. */
    async current(now: Date): Promise<Round> {
      await db
        .insertInto('reco_precompute')
        .values({ id: uuidv7(), started_at: now, after_user_id: null, updated_at: now })
        .onConflict((conflict) => conflict.doNothing())
        .execute()
      const round = await unfinished()
      if (round === undefined) throw new RoundTakenError()
      return round
    },

    /**
     * Keeps the lists and moves the round on, in one transaction: each user counts once, and what is
     * kept is counted, wherever a process is killed. @throws RoundTakenError
     */
    async keep(round: Round, portion: Portion, now: Date): Promise<Round> {
      const moved = {
        afterUserId: portion.lastUserId,
        users: round.users + portion.users,
        lists: round.lists + portion.lists.length,
        skipped: round.skipped + portion.skipped,
      }
      await db.transaction().execute(async (trx) => {
        const { numUpdatedRows } = await trx
          .updateTable('reco_precompute')
          .set({
            after_user_id: moved.afterUserId,
            users: moved.users,
            lists: moved.lists,
            skipped: moved.skipped,
            updated_at: now,
          })
          .where('id', '=', round.id)
          .where('finished_at', 'is', null)
          .where('after_user_id', sql`is not distinct from`, round.afterUserId)
          .executeTakeFirst()
        if (numUpdatedRows !== 1n) throw new RoundTakenError()
        const lists = recommendationStore(trx.$pickTables<'recommendation_cache'>())
        for (const { userId, kept } of portion.lists) await lists.keep(userId, kept, now)
      })
      return { ...round, ...moved }
    },

    /** Ends the round, and forgets those of long ago. */
    async finish({ id }: Round, now: Date): Promise<void> {
      await db
        .updateTable('reco_precompute')
        .set({ finished_at: now, updated_at: now })
        .where('id', '=', id)
        .execute()
      const old = db
        .selectFrom('reco_precompute')
        .select('id')
        .orderBy('started_at', 'desc')
        .offset(ROUNDS_KEPT)
      await db.deleteFrom('reco_precompute').where('id', 'in', old).execute()
    },
  }
}
