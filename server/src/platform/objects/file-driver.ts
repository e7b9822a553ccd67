import { randomUUID } from 'node:crypto'
import { createReadStream, type Dirent } from 'node:fs'
import { readdir, rm, stat, unlink } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Clock } from '#platform/clock'
import { errorCode } from '#platform/errors'
import { makeFolder, moveDurably, moveIfAbsent, writeSynced } from './durable-file.ts'
import type { ListedObject, ObjectDriver } from './object-driver.ts'
import { ObjectError } from './object-error.ts'

/** Below the store's folder, so that a rename crosses no file system. No key begins with a dot. */
const PARTIAL_FOLDER = '.partial'
/** A file that is still written is younger: what is older was left behind by a crash. */
const PARTIAL_MAX_AGE_MS = 86_400_000

const NOT_THERE = new Set(['ENOENT', 'ENOTDIR', 'EISDIR'])

const isNotThere = (error: unknown) => NOT_THERE.has(errorCode(error) ?? '')

const toObjectError = (key: string, error: unknown): ObjectError =>
  new ObjectError(isNotThere(error) ? 'missing' : 'unavailable', key, { cause: error })

const none = (error: unknown): undefined => {
  if (isNotThere(error)) return undefined
  throw error
}

async function removeStalePartials(folder: string, nowMs: number): Promise<void> {
  for (const name of await readdir(folder)) {
    const path = join(folder, name)
    const found = await stat(path).catch(none)
    if (found !== undefined && nowMs - found.mtimeMs > PARTIAL_MAX_AGE_MS) {
      await rm(path, { force: true })
    }
  }
}

/** A folder sorts among files as S3 sorts the keys below it: by its name and a slash. */
const nameOf = (entry: Dirent): string => (entry.isDirectory() ? `${entry.name}/` : entry.name)

const byBytes = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

/** The keys below `within` (empty, or ending with a slash) that begin with `prefix`. */
async function* keysBelow(folder: string, within: string, prefix: string): AsyncGenerator<string> {
  const entries = (await readdir(join(folder, within), { withFileTypes: true }).catch(none)) ?? []
  const names = entries
    .filter((entry) => !entry.name.startsWith('.') && (entry.isFile() || entry.isDirectory()))
    .map(nameOf)
  for (const name of names.toSorted(byBytes)) {
    const key = within + name
    if (!name.endsWith('/')) {
      if (key.startsWith(prefix)) yield key
    } else if (key.startsWith(prefix) || prefix.startsWith(key)) {
      yield* keysBelow(folder, key, prefix)
    }
  }
}

/** Objects as files. What is put survives a power cut, and no reader ever sees half of it. */
export function fileDriver(folder: string, clock: Clock): ObjectDriver {
  const partials = join(folder, PARTIAL_FOLDER)
  let prepared: Promise<void> | undefined

  function prepare(): Promise<void> {
    prepared ??= makeFolder(partials)
      .then(() => removeStalePartials(partials, clock.now().getTime()))
      .catch((error: unknown) => {
        prepared = undefined
        throw error
      })
    return prepared
  }

  async function* list(prefix: string): AsyncGenerator<ListedObject> {
    try {
      for await (const key of keysBelow(folder, '', prefix)) {
        const found = await stat(join(folder, key)).catch(none)
        // Deleted since its folder was read.
        if (found === undefined) continue
        yield { key, sizeBytes: found.size, updatedAt: found.mtime }
      }
    } catch (error) {
      throw new ObjectError('unavailable', `${prefix}*`, { cause: error })
    }
  }

  return {
    async write(key, chunks, { ifAbsent }) {
      const path = join(folder, key)
      const partial = join(partials, randomUUID())
      try {
        await prepare()
        await writeSynced(partial, chunks)
        await makeFolder(dirname(path))
        if (ifAbsent) return await moveIfAbsent(partial, path)
        await moveDurably(partial, path)
        return true
      } catch (error) {
        await rm(partial, { force: true }).catch(() => {})
        throw new ObjectError('unavailable', key, { cause: error })
      }
    },

    async *read(key) {
      try {
        yield* createReadStream(join(folder, key)) as AsyncIterable<Buffer>
      } catch (error) {
        throw toObjectError(key, error)
      }
    },

    list,

    async delete(key) {
      try {
        await unlink(join(folder, key))
      } catch (error) {
        if (!isNotThere(error)) throw toObjectError(key, error)
      }
    },

    close() {},
  }
}
