import type { Witness } from '../database.ts'

/** What a client knows of an event that it has sent. */
type Standing = 'acknowledged' | 'unanswered'

export interface LedgerVerdict {
  readonly acknowledged: number
  readonly lost: readonly string[]
  readonly doubled: readonly string[]
  /** Stored under another user than the one who sent it. */
  readonly misplaced: readonly string[]
}

/** Keeps count of every event sent, and judges the database by it. */
export interface EventLedger {
  sent(userId: string, ids: readonly string[]): void
  acknowledged(ids: readonly string[]): void
  readonly acknowledgedCount: number
  /** Judges what was acknowledged since the last verdict, or with `all` everything. */
  judge(witness: Witness, options?: { all?: boolean }): Promise<LedgerVerdict>
}

const BATCH = 20_000

export function eventLedger(): EventLedger {
  const owners = new Map<string, string>()
  const standing = new Map<string, Standing>()
  let unjudged: string[] = []
  let acknowledgedCount = 0

  async function judgeBatch(witness: Witness, ids: readonly string[]) {
    const found = await witness.rows<{ id: string; user_id: string; times: number }>(
      `select id, min(user_id::text) as user_id, count(*)::int as times
       from analytics_event where id = any($1::uuid[]) group by id`,
      [ids],
    )
    const stored = new Map(found.map((row) => [row.id, row]))
    return {
      lost: ids.filter((id) => !stored.has(id)),
      doubled: found.filter(({ times }) => times > 1).map(({ id }) => id),
      misplaced: found.filter((row) => row.user_id !== owners.get(row.id)).map(({ id }) => id),
    }
  }

  return {
    sent(userId, ids) {
      for (const id of ids) {
        owners.set(id, userId)
        if (!standing.has(id)) standing.set(id, 'unanswered')
      }
    },
    acknowledged(ids) {
      for (const id of ids) {
        if (standing.get(id) === 'acknowledged') continue
        standing.set(id, 'acknowledged')
        acknowledgedCount += 1
        unjudged.push(id)
      }
    },
    get acknowledgedCount() {
      return acknowledgedCount
    },
    async judge(witness, { all = false } = {}) {
      const ids = all
        ? [...standing].filter(([, is]) => is === 'acknowledged').map(([id]) => id)
        : unjudged
      unjudged = []
      const verdict = { lost: [] as string[], doubled: [] as string[], misplaced: [] as string[] }
      for (let at = 0; at < ids.length; at += BATCH) {
        const part = await judgeBatch(witness, ids.slice(at, at + BATCH))
        verdict.lost.push(...part.lost)
        verdict.doubled.push(...part.doubled)
        verdict.misplaced.push(...part.misplaced)
      }
      return { acknowledged: ids.length, ...verdict }
    },
  }
}
