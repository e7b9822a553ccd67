import type { Lsn } from './lsn.ts'

/** What the replica says of itself. */
export interface ReplicaPosition {
  /** How far it has replayed the primary's log; undefined when it is no replica (any more). */
  replayed: Lsn | undefined
  /** Seconds since the last commit that it has replayed was made; undefined before the first. */
  lastCommitAgeSeconds: number | undefined
}

interface Sample {
  lsn: Lsn
  atMs: number
}

/** Two minutes of a sample a second: a replica further behind is out of use anyway. */
const MAX_SAMPLES = 120

/**
 * Tells up to which moment a replica is complete, by two bounds of which the better one counts.
 *
 * The primary's log position is sampled: once the replica has replayed a sample's position, it shows
 * everything that was committed before that sample was taken. This holds on an idle primary, where
 * the age of the last replayed commit grows without anything being late, and when the connection
 * between the two is cut, where a comparison of received and replayed positions finds nothing late.
 *
 * The age of the last replayed commit bounds the lag after a time without samples.
 */
export function freshness() {
  let samples: Sample[] = []
  return {
    /** @returns the moment on the caller's clock; undefined when nothing is known. */
    completeAsOf(primary: Sample, replica: ReplicaPosition): number | undefined {
      const { replayed, lastCommitAgeSeconds } = replica
      samples = [...samples, primary].slice(-MAX_SAMPLES)
      if (replayed === undefined) return undefined
      const reached = samples.findLast(({ lsn }) => lsn <= replayed)
      if (reached !== undefined) samples = samples.slice(samples.indexOf(reached))
      const bounds = [
        ...(reached === undefined ? [] : [reached.atMs]),
        ...(lastCommitAgeSeconds === undefined
          ? []
          : [primary.atMs - Math.max(0, lastCommitAgeSeconds) * 1000]),
      ]
      return bounds.length === 0 ? undefined : Math.max(...bounds)
    },
  }
}
