import type { EventEffect, EventEnvelope, Feed, FeedEntry, FeedReader } from '#platform/events'
import { type DuckDb, withDuckDb } from './duckdb.ts'
import { type LakeQueries, type LakeStore, lakeQueries, type NewLakeFile } from './lake.store.ts'
import { type LakeEvent, type LakePartition, lakeEventOf, partitionOf } from './lake-event.ts'
import { fetchFiles, type LakeObjects, publishFile } from './lake-objects.ts'
import { type ErasedUser, readIds, writeEvents } from './parquet.ts'

/** The lake's name among the readers of events. */
export const LAKE_READER = 'lake'

export interface LakeWriterDependencies {
  /** Of the stored events. */
  feed: Feed
  store: LakeStore
  objects: LakeObjects
  workFolder: string
  /** Keeps an event that is none for the lake where dead events are, so that the others go on. */
  putAside: (event: EventEnvelope, error: unknown) => Promise<void>
  gatherMs?: number
}

/** Of 16 KB at most each. */
const BATCH_SIZE = 5_000
/** Files of a minute at least: smaller ones cost more to open than to read. */
const GATHER_MS = 60_000

/** A change of the lake came in between; the same again takes it into account. */
class LakeChangedError extends Error {}

interface Prepared {
  files: NewLakeFile[]
  events: LakeEvent[]
  /** Given before: files were looked into for what is there already. */
  isAgain: boolean
  compared: Set<string>
}

/**
 * Writes each stored event into the lake, exactly once: files are listed in the transaction that
 * moves the reader's cursor, and what is not listed is no part of the lake.
 */
export function lakeWriter(dependencies: LakeWriterDependencies): FeedReader {
  const { feed, store, objects, workFolder, putAside, gatherMs = GATHER_MS } = dependencies

  async function usable(entries: readonly FeedEntry[]): Promise<LakeEvent[]> {
    const events: LakeEvent[] = []
    for (const { event } of entries) {
      try {
        events.push(lakeEventOf(event))
      } catch (error) {
        await putAside(event, error)
      }
    }
    return withoutErased(events, await store.erasuresOf(usersOf(events)))
  }

  async function handle(
    entries: readonly FeedEntry[],
    { isAgain }: { isAgain: boolean },
  ): Promise<EventEffect | undefined> {
    const events = await usable(entries)
    if (events.length === 0) return undefined
    const prepared = await withDuckDb(workFolder, (duck) => prepare(duck, events, isAgain))
    return (within) => commit(lakeQueries(within), prepared)
  }

  async function prepare(duck: DuckDb, events: LakeEvent[], isAgain: boolean): Promise<Prepared> {
    const prepared: Prepared = { files: [], events: [], isAgain, compared: new Set() }
    for (const { partition, own } of byPartition(events)) {
      const fresh = isAgain ? await notThere(duck, partition, own, prepared) : own
      if (fresh.length === 0) continue
      const written = await writeEvents(duck, `batch-${prepared.files.length}`, fresh)
      prepared.files.push(await publishFile(objects, written, partition, { isAgain }))
      prepared.events.push(...fresh)
    }
    return prepared
  }

  /** Of events that may be in the lake, those that are not. */
  async function notThere(
    duck: DuckDb,
    { type, date }: LakePartition,
    events: LakeEvent[],
    { compared }: Prepared,
  ): Promise<LakeEvent[]> {
    const files = await store.liveFiles({ type, since: date, until: date })
    for (const { id } of files) compared.add(id)
    const paths = await fetchFiles(objects, files, duck.folder)
    const ids = new Set(paths.length === 0 ? [] : await readIds(duck, paths))
    return events.filter(({ id }) => !ids.has(id))
  }

  return {
    feed,
    consumer: LAKE_READER,
    batchSize: BATCH_SIZE,
    gatherMs,
    handle: (entries) => handle(entries, { isAgain: false }),
    handleAgain: (entries) => handle(entries, { isAgain: true }),
  }
}

/** @throws LakeChangedError when an erasure or, for events given again, another file came first. */
async function commit(store: LakeQueries, prepared: Prepared): Promise<void> {
  const { files, events, isAgain, compared } = prepared
  await store.lock(isAgain ? 'alone' : 'shared')
  const erasures = await store.erasuresOf(usersOf(events))
  if (withoutErased(events, erasures).length < events.length) {
    throw new LakeChangedError('events were erased while they were written')
  }
  for (const { type, date } of isAgain ? files : []) {
    const live = await store.liveFiles({ type, since: date, until: date })
    if (live.some(({ id }) => !compared.has(id))) {
      throw new LakeChangedError(`the lake of ${type} on ${date} changed meanwhile: try again`)
    }
  }
  await store.add(files)
}

const usersOf = (events: readonly LakeEvent[]) => [...new Set(events.map(({ userId }) => userId))]

function withoutErased(events: LakeEvent[], erasures: readonly ErasedUser[]): LakeEvent[] {
  const until = new Map(erasures.map(({ userId, erasedAt }) => [userId, erasedAt.getTime()]))
  return events.filter(
    ({ userId, receivedAt }) => receivedAt.getTime() > (until.get(userId) ?? -Infinity),
  )
}

function byPartition(
  events: readonly LakeEvent[],
): { partition: LakePartition; own: LakeEvent[] }[] {
  const groups = Map.groupBy(events, (event) => Object.values(partitionOf(event)).join(' '))
  return [...groups.values()].flatMap((own) => {
    const [first] = own
    return first === undefined ? [] : [{ partition: partitionOf(first), own }]
  })
}
