import { createReadStream, createWriteStream } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import type { ObjectStore } from '#platform/objects'
import { BackupError } from './backup-error.ts'
import type { BackupPlace } from './backup-place.ts'

/** Where backups lie in an object store. */
export const BACKUPS_PREFIX = 'backups/'

/** Such as a backup's name: `2026-11-24`. */
const NAME = /^[a-z0-9][a-z0-9._-]{0,100}$/

/** A backup in an object store. Each file goes through one on the local disk, hashed on its way. */
export function objectPlace(objects: ObjectStore, name: string): BackupPlace {
  if (!NAME.test(name)) {
    throw new BackupError(`"${name}" is no name for a backup: a-z, 0-9, dot, dash and underscore`)
  }
  const prefix = `${BACKUPS_PREFIX}${name}/`
  const keyOf = (file: string) => `${prefix}${file}`
  const missing = (cause: unknown) =>
    new BackupError(`there is no backup "${name}" in the object store, or not a whole one`, {
      cause,
    })

  async function inFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
    const folder = await mkdtemp(join(tmpdir(), 'backup-'))
    try {
      return await work(folder)
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  }

  return {
    name: `object store, ${prefix}`,

    async requireEmpty() {
      for await (const { key } of objects.list(prefix)) {
        throw new BackupError(`the object store has ${key} already`)
      }
    },

    write: (file, chunks) =>
      inFolder(async (folder) => {
        const path = join(folder, 'file')
        await pipeline(chunks, createWriteStream(path, { mode: 0o600 }))
        const { sizeBytes, sha256 } = await objects.putFile(keyOf(file), path)
        return { sizeBytes, sha256 }
      }),

    readSmall: (file) =>
      objects.getUnverified(keyOf(file)).catch((error: unknown) => {
        throw missing(error)
      }),

    async verify(file, { sha256 }) {
      await objects.verify(keyOf(file), sha256).catch((error: unknown) => {
        throw new BackupError(`${keyOf(file)} is missing or damaged`, { cause: error })
      })
    },

    async open(file, { sha256 }) {
      const folder = await mkdtemp(join(tmpdir(), 'backup-'))
      const remove = () => rm(folder, { recursive: true, force: true })
      try {
        await objects.getFile(keyOf(file), sha256, join(folder, 'file'))
      } catch (error) {
        await remove()
        throw error
      }
      const stream = createReadStream(join(folder, 'file'))
      return stream.once('close', () => void remove().catch(() => undefined))
    },
  }
}
