import type { Kysely } from 'kysely'
import type { Logger } from '#platform/telemetry'
import { type CursorStore, cursorStore } from './cursor.store.ts'
import type { EventTables } from './event.tables.ts'
import type { Feed, FeedEntry, FeedPosition } from './feed.ts'
import type { AnyTransaction } from './outbox.ts'
import { type Pauses, pauseMs, waitAbout } from './wait.ts'

/** The part of a consumer's work that PostgreSQL keeps: run in one transaction with its progress. */
export type EventEffect = (within: AnyTransaction) => Promise<void>

/** Somebody who reads a feed itself, each entry exactly once as far as its effect is in PostgreSQL. */
export interface FeedReader {
  feed: Feed
  /** Stable: the cursor's name. */
  consumer: string
  /** Cursors that a new reader takes over from; see `CursorStore.positionOf`. */
  standIns?: readonly string[]
  batchSize: number
  /** How long to let entries gather after a batch that was not full. Default: not at all. */
  gatherMs?: number
  /** @throws to be given the same entries, and perhaps more, again after a pause. */
  handle(entries: readonly FeedEntry[], signal: AbortSignal): Promise<EventEffect | undefined>
  /**
   * The same for entries that it may have had, at a replay, beside `handle`: only what is missing
   * takes effect. Without it there is no replay.
   */
  handleAgain?(entries: readonly FeedEntry[], signal: AbortSignal): Promise<EventEffect | undefined>
}

export interface FeedReaderDependencies {
  db: Kysely<EventTables>
  logger: Logger
  /** Between looks at a feed that has nothing new. */
  idle?: Pauses
  /** After failures. */
  failed?: Pauses
}

const IDLE: Pauses = { firstMs: 20, lastMs: 1_000 }
const FAILED: Pauses = { firstMs: 200, lastMs: 15_000 }

/** Hands a feed's entries to a reader in order until the signal; run it by one process at a time. */
export async function readFeed(
  reader: FeedReader,
  { db, logger, idle = IDLE, failed = FAILED }: FeedReaderDependencies,
  signal: AbortSignal,
): Promise<void> {
  const cursors = cursorStore(db)
  const { feed, consumer } = reader
  let position: FeedPosition | undefined
  let idleTurns = 0
  let failures = 0
  while (!signal.aborted) {
    try {
      position ??= await cursors.positionOf(feed.name, consumer, reader.standIns)
      const entries = await feed.read(position, reader.batchSize)
      position = await handleBatch(reader, { db, cursors }, { entries, position, signal })
      failures = 0
      idleTurns = entries.length === 0 ? idleTurns + 1 : 0
      if (idleTurns > 0) await waitAbout(pauseMs(idle, idleTurns), signal)
      else if (entries.length < reader.batchSize) await waitAbout(reader.gatherMs ?? 0, signal)
    } catch (error) {
      if (signal.aborted) return
      // Read anew: it may be another process that went on.
      position = undefined
      failures += 1
      logger.warn({ error, feed: feed.name, consumer, failures }, 'events could not be handled')
      await waitAbout(pauseMs(failed, failures), signal)
    }
  }
}

async function handleBatch(
  reader: FeedReader,
  { db, cursors }: { db: Kysely<EventTables>; cursors: CursorStore },
  batch: { entries: readonly FeedEntry[]; position: FeedPosition; signal: AbortSignal },
): Promise<FeedPosition> {
  const to = batch.entries.at(-1)?.position
  if (to === undefined) return batch.position
  const effect = await reader.handle(batch.entries, batch.signal)
  const move = { feed: reader.feed.name, consumer: reader.consumer, from: batch.position, to }
  // Even when a stop was asked for meanwhile: what is done need not be done again.
  await db.transaction().execute(async (within) => {
    await effect?.(within)
    await cursors.move(move, within)
  })
  return to
}
