import { type Kysely, sql } from 'kysely'
import { freshness, type ReplicaPosition } from './freshness.ts'
import { parseLsn } from './lsn.ts'

export interface ReplicaWatch {
  /** Whether a read may go there now; looks anew, in the background, once a second at most. */
  isFresh(): boolean
  /** How old what it shows may be at most; undefined while it is not known. */
  lagSeconds(): number | undefined
  /** After a read that it failed: out of use until it has answered again. */
  failed(error: unknown): void
  /** Resolves when nothing is under way. */
  settled(): Promise<void>
}

export interface WatchOptions<Tables> {
  primary: Kysely<Tables>
  replica: Kysely<Tables>
  maxLagSeconds: number
  /** Told when the replica goes out of use or comes back. */
  onChange?: (state: { usable: boolean; error?: unknown }) => void
  /** Milliseconds on a clock that only goes forward. */
  nowMs?: () => number
}

const LOOK_EVERY_MS = 1_000

async function primaryPosition<Tables>(db: Kysely<Tables>) {
  const { rows } = await sql<{ lsn: string; now: Date }>`
    select pg_current_wal_lsn()::text as lsn, clock_timestamp() as now`.execute(db)
  const [row] = rows
  if (row === undefined) throw new Error('the primary does not tell its position')
  return { lsn: parseLsn(row.lsn), now: row.now }
}

async function replicaPosition<Tables>(db: Kysely<Tables>, now: Date): Promise<ReplicaPosition> {
  const { rows } = await sql<{ lsn: string | null; committed: Date | null }>`
    select
      case when pg_is_in_recovery() then pg_last_wal_replay_lsn()::text end as lsn,
      pg_last_xact_replay_timestamp() as committed`.execute(db)
  const { lsn = null, committed = null } = rows[0] ?? {}
  return {
    replayed: lsn === null ? undefined : parseLsn(lsn),
    // Both times are the primary's: the clocks of the two servers need not agree.
    lastCommitAgeSeconds:
      committed === null ? undefined : (now.getTime() - committed.getTime()) / 1000,
  }
}

/** Knows how far a streaming replica is behind its primary. Asks only while somebody reads. */
export function watchReplica<Tables>(options: WatchOptions<Tables>): ReplicaWatch {
  const { primary, replica, maxLagSeconds, onChange } = options
  const nowMs = options.nowMs ?? (() => performance.now())
  const known = freshness()
  let completeAsOfMs: number | undefined
  let lookedAtMs = -Infinity
  let looking: Promise<void> | undefined
  let wasUsable: boolean | undefined

  function report(error?: unknown): void {
    const usable = isRecent()
    if (usable === wasUsable) return
    wasUsable = usable
    onChange?.({ usable, ...(error !== undefined && { error }) })
  }

  const isRecent = (): boolean =>
    completeAsOfMs !== undefined && nowMs() - completeAsOfMs <= maxLagSeconds * 1000

  async function look(): Promise<void> {
    const atMs = nowMs()
    // Without the primary nothing new is known: what was, ages.
    const position = await primaryPosition(primary).catch(() => undefined)
    if (position === undefined) return report()
    try {
      const found = await replicaPosition(replica, position.now)
      completeAsOfMs = known.completeAsOf({ lsn: position.lsn, atMs }, found)
      report()
    } catch (error) {
      failed(error)
    }
  }

  function failed(error: unknown): void {
    completeAsOfMs = undefined
    report(error)
  }

  return {
    isFresh() {
      if (looking === undefined && nowMs() - lookedAtMs >= LOOK_EVERY_MS) {
        lookedAtMs = nowMs()
        looking = look().finally(() => {
          looking = undefined
        })
      }
      // A look that takes this long is waiting for somebody who does not answer.
      const isSilent = looking !== undefined && nowMs() - lookedAtMs >= LOOK_EVERY_MS
      return !isSilent && isRecent()
    },
    lagSeconds: () =>
      completeAsOfMs === undefined ? undefined : Math.max(0, nowMs() - completeAsOfMs) / 1000,
    failed,
    settled: async () => looking,
  }
}
