import { readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Clock } from '#platform/clock'
import { withDuckDb } from './duckdb.ts'
import type { LakeFile, LakeStore } from './lake.store.ts'
import { LAKE_PREFIX } from './lake-event.ts'
import { fetchFiles, type LakeObjects, publishFile } from './lake-objects.ts'
import { mergeFiles } from './parquet.ts'

export interface LakeUpkeepDependencies {
  store: LakeStore
  objects: LakeObjects
  workFolder: string
  clock: Clock
  /** Months of events that are kept; those of the table, to which it is a copy. */
  retentionMonths: number
}

export interface LakeUpkeep {
  /** Joins the small files of each partition. @returns how many files became how many. */
  compact(signal: AbortSignal): Promise<{ joined: number; into: number }>
  /** Takes out what is past its time. @returns how many files. */
  expire(): Promise<number>
  /** Deletes objects of files that were replaced a while ago. @returns how many. */
  sweep(): Promise<number>
  /** Deletes objects that no list names, which a crash leaves behind. @returns how many. */
  removeStrays(signal: AbortSignal): Promise<number>
}

const MB = 1_000_000
/** A file of this size is left as it is. */
const LARGE_BYTES = 64 * MB
const MAX_JOINED_BYTES = 128 * MB
const MAX_JOINED_FILES = 50
/** Fewer are joined only when their day is over. */
const MIN_JOINED_FILES = 8
const DAY_MS = 86_400_000
/** For queries that have begun on the files before. */
const GRACE_MS = 3_600_000
const SWEEP_AT_ONCE = 500

export function lakeUpkeep(dependencies: LakeUpkeepDependencies): LakeUpkeep {
  const { store, objects, workFolder, clock, retentionMonths } = dependencies
  const msAgo = (ms: number) => new Date(clock.now().getTime() - ms)

  async function joinFiles(files: readonly LakeFile[]): Promise<boolean> {
    const [first] = files
    if (first === undefined) return false
    return withDuckDb(workFolder, async (duck) => {
      const inputs = await fetchFiles(objects, files, duck.folder)
      const written = await mergeFiles(duck, 'joined', { inputs, erased: [] })
      const rows = files.reduce((sum, file) => sum + file.rows, 0)
      if (written.rows !== rows) throw new Error(`${rows} rows would become ${written.rows}`)
      const joined = await publishFile(objects, written, first)
      return store.transaction(async (changes) => {
        await changes.lock('shared')
        const ids = files.map(({ id }) => id)
        const replaced = await changes.replace(ids, msAgo(-GRACE_MS))
        // An erasure was faster with one of them: what was joined may hold what it took out.
        if (replaced < ids.length) throw new Error('files of the lake changed while being joined')
        await changes.add([joined])
        return true
      })
    })
  }

  return {
    async compact(signal) {
      const done = { joined: 0, into: 0 }
      const yesterday = msAgo(DAY_MS).toISOString().slice(0, 10)
      for (const files of joinable(await store.liveFiles(), yesterday)) {
        signal.throwIfAborted()
        if (!(await joinFiles(files))) continue
        done.joined += files.length
        done.into += 1
      }
      return done
    },

    async expire() {
      const month = clock.now()
      month.setUTCMonth(month.getUTCMonth() - retentionMonths, 1)
      const firstKept = month.toISOString().slice(0, 10)
      const files = await store.liveFiles({ until: firstKept })
      const old = files.filter(({ date }) => date < firstKept).map(({ id }) => id)
      return old.length === 0 ? 0 : store.replace(old, clock.now())
    },

    async sweep() {
      let swept = 0
      while (true) {
        const files = await store.deletable(clock.now(), SWEEP_AT_ONCE)
        for (const { id, path } of files) {
          await objects.delete(path)
          await store.forget(id)
        }
        swept += files.length
        if (files.length < SWEEP_AT_ONCE) return swept
      }
    },

    async removeStrays(signal) {
      await removeOldFolders(workFolder, msAgo(DAY_MS))
      let removed = 0
      for await (const keys of oldKeys(objects, msAgo(DAY_MS))) {
        signal.throwIfAborted()
        const listed = await store.listed(keys)
        for (const key of keys.filter((one) => !listed.has(one))) {
          await objects.delete(key)
          removed += 1
        }
      }
      return removed
    },
  }
}

/** Groups of small files of one partition that are worth joining. */
function joinable(files: readonly LakeFile[], yesterday: string): LakeFile[][] {
  const small = files.filter(({ sizeBytes }) => sizeBytes < LARGE_BYTES)
  const partitions = Map.groupBy(small, ({ type, date }) => `${type} ${date}`)
  return [...partitions.values()].flatMap(inPieces).filter((group) => {
    const isOver = (group[0]?.date ?? '') < yesterday
    return group.length >= (isOver ? 2 : MIN_JOINED_FILES)
  })
}

function inPieces(files: readonly LakeFile[]): LakeFile[][] {
  const pieces: LakeFile[][] = []
  let bytes = Infinity
  for (const file of files) {
    const piece = pieces.at(-1)
    if (piece === undefined || piece.length === MAX_JOINED_FILES || bytes > MAX_JOINED_BYTES) {
      pieces.push([file])
      bytes = file.sizeBytes
    } else {
      piece.push(file)
      bytes += file.sizeBytes
    }
  }
  return pieces
}

/** Young ones may be about to be listed. */
async function* oldKeys(objects: LakeObjects, before: Date): AsyncGenerator<string[]> {
  let keys: string[] = []
  for await (const { key, updatedAt } of objects.list(LAKE_PREFIX)) {
    if (updatedAt < before) keys.push(key)
    if (keys.length < SWEEP_AT_ONCE) continue
    yield keys
    keys = []
  }
  if (keys.length > 0) yield keys
}

/** Folders of processes that were killed at work. */
async function removeOldFolders(workFolder: string, before: Date): Promise<void> {
  const names = await readdir(workFolder).catch(() => [])
  for (const name of names) {
    const path = join(workFolder, name)
    const found = await stat(path).catch(() => undefined)
    if (found !== undefined && found.mtime < before)
      await rm(path, { recursive: true, force: true })
  }
}
