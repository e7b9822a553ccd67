import { type Kysely, sql } from 'kysely'
import type { EventTables } from './event.tables.ts'

/** A number up to which rows were seen, and the transaction number before which all of theirs lie. */
interface Sighting {
  seq: bigint
  before: bigint
}

/**
 * Tells up to which `seq` the outbox is settled: every row up to there is committed, or never will
 * be. What was drawn up to a row that is seen was drawn by transactions with a smaller number than
 * one taken afterwards; when none below that number runs any more, nothing can still appear there.
 */
export function settledSequence(db: Kysely<EventTables>): () => Promise<bigint> {
  let settled = 0n
  let sighting: Sighting | undefined

  async function look(): Promise<{ oldestRunning: bigint; lastSeq: bigint }> {
    const { rows } = await sql<{ oldest: string; last: string }>`
      select pg_snapshot_xmin(pg_current_snapshot()) as oldest,
        coalesce((select max(seq) from outbox_message), 0) as last`.execute(db)
    return { oldestRunning: BigInt(rows[0]?.oldest ?? 0), lastSeq: BigInt(rows[0]?.last ?? 0) }
  }

  /** Not the snapshot's own end, which knows nothing of who began after the last commit. */
  async function nextTransaction(): Promise<bigint> {
    const { rows } = await sql<{ xid: string }>`select pg_current_xact_id() as xid`.execute(db)
    return BigInt(rows[0]?.xid ?? 0)
  }

  function settle(oldestRunning: bigint): void {
    if (sighting === undefined || oldestRunning < sighting.before) return
    settled = sighting.seq
    sighting = undefined
  }

  return async () => {
    const { oldestRunning, lastSeq } = await look()
    settle(oldestRunning)
    // A number is used up only where there is something new to be told of.
    if (sighting === undefined && lastSeq > settled) {
      sighting = { seq: lastSeq, before: await nextTransaction() }
      settle((await look()).oldestRunning)
    }
    return settled
  }
}
