import type { Kysely } from 'kysely'
import { BATCH_SIZE, type Broker } from './broker.ts'
import type { EventConsumer } from './consumer.ts'
import { consumptionStore } from './consumption.store.ts'
import { cursorStore } from './cursor.store.ts'
import type { Deliver } from './delivery.ts'
import type { EventEnvelope } from './envelope.ts'
import type { EventTables } from './event.tables.ts'
import { comparePositions, FEED_START, type Feed, type FeedEntry, holdsAny } from './feed.ts'
import type { FeedReader } from './feed-reader.ts'

export interface ReplayOptions {
  since: Date
  signal: AbortSignal
  /** Told of how many events were looked at so far. */
  onProgress?: (events: number) => void
}

/** A feed's entries recorded since a time, batch by batch to its present end. */
async function* entriesSince(feed: Feed, since: Date, size: number): AsyncGenerator<FeedEntry[]> {
  let position = await feed.positionBefore(since)
  while (true) {
    const entries = await feed.read(position, size)
    const last = entries.at(-1)
    if (last === undefined) return
    yield entries
    position = last.position
  }
}

async function* feedHistory(
  feeds: readonly Feed[],
  since: Date,
): AsyncGenerator<readonly EventEnvelope[]> {
  for (const feed of feeds) {
    for await (const entries of entriesSince(feed, since, BATCH_SIZE)) {
      yield entries.map(({ event }) => event)
    }
  }
}

/**
 * Gives a consumer again what happened since a time, from the broker's history or, without one,
 * from the feeds, beside whatever it is being given meanwhile. @returns how many events were given.
 */
export async function replayConsumer(
  consumer: EventConsumer,
  {
    db,
    broker,
    feeds,
    deliver,
  }: {
    db: Kysely<EventTables>
    broker: Broker | undefined
    feeds: readonly Feed[]
    deliver: Deliver
  },
  { since, signal, onProgress }: ReplayOptions,
): Promise<number> {
  await consumptionStore(db).unmarkSince(consumer.name, since)
  const own = feeds.filter((feed) => holdsAny(feed, consumer.topics))
  const history = (await broker?.history(since, signal)) ?? feedHistory(own, since)
  let total = 0
  for await (const events of history) {
    signal.throwIfAborted()
    await deliver(consumer, events, signal)
    total += events.filter(({ topic }) => consumer.topics.includes(topic)).length
    onProgress?.(total)
  }
  return total
}

/** Gives a reader again the entries since a time that it is past; what it has it leaves. */
export async function replayReader(
  reader: FeedReader,
  { db }: { db: Kysely<EventTables> },
  { since, signal, onProgress }: ReplayOptions,
): Promise<number> {
  const { feed, consumer } = reader
  const handleAgain = reader.handleAgain?.bind(reader)
  if (handleAgain === undefined) throw new Error(`${consumer} cannot be given events again`)
  const end = (await cursorStore(db).find(feed.name, consumer)) ?? FEED_START
  let total = 0
  for await (const batch of entriesSince(feed, since, reader.batchSize)) {
    const entries = batch.filter(({ position }) => comparePositions(position, end) <= 0)
    if (entries.length === 0) return total
    signal.throwIfAborted()
    const effect = await handleAgain(entries, signal)
    if (effect !== undefined) await db.transaction().execute(effect)
    total += entries.length
    onProgress?.(total)
  }
  return total
}
