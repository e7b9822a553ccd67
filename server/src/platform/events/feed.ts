import type { EventEnvelope } from './envelope.ts'

/**
 * A place in a feed: a transaction's number, then a row's. Both have 64 bits, so they are decimal
 * text. A feed that is ordered by its rows' numbers alone has 0 for the other.
 */
export interface FeedPosition {
  readonly xid: string
  readonly seq: string
}

export const FEED_START: FeedPosition = { xid: '0', seq: '0' }

/** Behind every entry there can be. */
export const FEED_END: FeedPosition = { xid: '18446744073709551615', seq: '9223372036854775807' }

export interface FeedEntry {
  readonly position: FeedPosition
  readonly recordedAt: Date
  readonly event: EventEnvelope
}

/** What of a feed lies behind a position. */
export interface FeedBacklog {
  /** Age of the oldest entry that can be read; 0 when there is none. */
  lagSeconds: number
  /** Age of the oldest entry that an older, still running transaction keeps from being read. */
  heldBackSeconds: number
}

/** An append-only table, read so that within each key the order of commits is kept. */
export interface Feed {
  /** Stable: cursors are kept under it. */
  readonly name: string
  /** All that it holds; undefined for any. */
  readonly topics?: readonly string[]
  /** The entries after a position, oldest first; never past a transaction that is still running. */
  read(after: FeedPosition, limit: number): Promise<FeedEntry[]>
  /** The position before the first entry recorded at `since` or later, or the feed's end. */
  positionBefore(since: Date): Promise<FeedPosition>
  backlog(after: FeedPosition): Promise<FeedBacklog>
}

/** Whether a feed can hold any of these topics. */
export const holdsAny = ({ topics }: Feed, wanted: readonly string[]): boolean =>
  topics === undefined || topics.some((topic) => wanted.includes(topic))

/** Below 0 when `a` comes before `b`. */
export function comparePositions(a: FeedPosition, b: FeedPosition): number {
  const [left, right] = a.xid === b.xid ? [a.seq, b.seq] : [a.xid, b.xid]
  const difference = BigInt(left) - BigInt(right)
  if (difference === 0n) return 0
  return difference < 0n ? -1 : 1
}
