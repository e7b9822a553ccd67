import type { Clock } from '#platform/clock'
import type { EventConsumer, EventEnvelope } from '#platform/events'
import type { Logger } from '#platform/telemetry'
import { withDuckDb } from './duckdb.ts'
import type { LakeFile, LakeStore, NewLakeFile } from './lake.store.ts'
import { fetchFiles, type LakeObjects, publishFile } from './lake-objects.ts'
import { type ErasedUser, mergeFiles } from './parquet.ts'
import { mayHold } from './user-filter.ts'

export interface LakeErasureDependencies {
  store: LakeStore
  objects: LakeObjects
  workFolder: string
  /** Deletes the objects that are due. */
  sweep: () => Promise<number>
  clock: Clock
  logger: Logger
}

const FILES_AT_ONCE = 200
const BEFORE_ALL_IDS = '00000000-0000-0000-0000-000000000000'

/** A user's erasure reaches the lake: every file that holds rows of theirs is written anew without. */
export function lakeErasure(dependencies: LakeErasureDependencies): EventConsumer {
  const { store, objects, workFolder, sweep, clock, logger } = dependencies

  /** @returns whether the file held rows of these users, and so is in the lake no more. */
  async function rewrite(file: LakeFile, erased: readonly ErasedUser[]): Promise<boolean> {
    return withDuckDb(workFolder, async (duck) => {
      const inputs = await fetchFiles(objects, [file], duck.folder)
      const written = await mergeFiles(duck, 'kept', { inputs, erased })
      if (written.rows === file.rows) return false
      const files = written.rows === 0 ? [] : [await publishFile(objects, written, file)]
      await store.transaction(async (changes) => {
        await changes.lock('shared')
        // Was it replaced by compaction meanwhile, then the next pass meets what it went into.
        if ((await changes.replace([file.id], clock.now())) === 1) await changes.add(files)
      })
      return true
    })
  }

  /** @returns whether a file was met that no earlier pass has looked into. */
  async function pass(erased: readonly ErasedUser[], seen: Set<string>): Promise<boolean> {
    let isNews = false
    for await (const file of allFiles(store)) {
      if (seen.has(file.id) || !erased.some(({ userId }) => mayHold(file.users, userId))) continue
      seen.add(file.id)
      isNews = true
      if (await rewrite(file, erased)) {
        logger.info({ lake_file: file.path }, 'erased events were taken out of a file of the lake')
      }
    }
    return isNews
  }

  return {
    name: 'lake-erasure',
    topics: ['user.erased'],
    batchSize: 20,
    async handle(events, { signal }) {
      const erased = events.map(erasedUserOf)
      // From here on no file with these events can be added; those that are there follow.
      await store.transaction(async (changes) => {
        await changes.lock('alone')
        await changes.erase(erased)
      })
      const seen = new Set<string>()
      while (await pass(erased, seen)) signal.throwIfAborted()
      await sweep()
      return undefined
    },
  }
}

function erasedUserOf({ id, occurredAt, payload }: EventEnvelope): ErasedUser {
  const { userId } = payload
  if (typeof userId !== 'string') throw new Error(`event ${id} names no user to erase`)
  return { userId, erasedAt: new Date(occurredAt) }
}

async function* allFiles(store: LakeStore): AsyncGenerator<NewLakeFile> {
  let after = BEFORE_ALL_IDS
  while (true) {
    const files = await store.liveFilters(after, FILES_AT_ONCE)
    yield* files
    const last = files.at(-1)
    if (last === undefined) return
    after = last.id
  }
}
