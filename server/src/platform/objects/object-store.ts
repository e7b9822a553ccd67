import { randomUUID } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { hashing, hashOf } from './content-hash.ts'
import { makeFolder, moveDurably, writeSynced } from './durable-file.ts'
import type { ListedObject, ObjectDriver } from './object-driver.ts'
import { ObjectError } from './object-error.ts'
import { checkKey, checkPrefix } from './object-key.ts'

export interface StoredObject {
  key: string
  /** Hex SHA-256 of the content. */
  sha256: string
  sizeBytes: number
}

/**
 * Bytes that are kept under a key and come back unchanged: models, datasets, the lake, exports.
 * Every method throws ObjectError: `missing`, `corrupt` or `unavailable`; and RangeError for what
 * is no key. Putting the same content again changes nothing.
 */
export interface ObjectStore {
  /** Durable once it resolves; readers see the old content or the new one, never a part. */
  put(key: string, content: Uint8Array): Promise<StoredObject>
  /** The same from a file of any size, in bounded memory. @throws also what reading it throws. */
  putFile(key: string, path: string): Promise<StoredObject>
  /**
   * Undefined when the key exists, whose content then stays. Of rivals at once exactly one wins on
   * files, AWS, MinIO and Ceph; a store that ignores `If-None-Match` may let several win, so what
   * must be decided once is decided in PostgreSQL.
   */
  putIfAbsent(key: string, content: Uint8Array): Promise<StoredObject | undefined>
  /** The content, which is what `sha256` says. */
  get(key: string, sha256: string): Promise<Uint8Array>
  /** The same to a local file in bounded memory; `path` is there only once it is verified. */
  getFile(key: string, sha256: string, path: string): Promise<StoredObject>
  /** Reads all of it and keeps nothing. */
  verify(key: string, sha256: string): Promise<StoredObject>
  /** Not verified: only for what carries its own proof, as manifests do. */
  getUnverified(key: string): Promise<Uint8Array>
  /** The same in pieces, in bounded memory: for who hashes it himself on its way. */
  readUnverified(key: string): AsyncIterable<Uint8Array>
  /** All whose keys begin so, in the order of their bytes. */
  list(prefix: string): AsyncIterable<ListedObject>
  /** Does nothing when there is no such object. */
  delete(key: string): Promise<void>
  close(): Promise<void>
}

/** Of a local file at a time: its default of 64 KiB is slow for large ones. */
const READ_BYTES = 1024 * 1024

async function collect(chunks: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const all: Uint8Array[] = []
  for await (const chunk of chunks) all.push(chunk)
  return Buffer.concat(all)
}

/** A store over a driver, which is opened when it is first used. */
export function objectStoreOver(open: () => Promise<ObjectDriver>): ObjectStore {
  let opened: Promise<ObjectDriver> | undefined
  const driver = () => (opened ??= open())

  async function* read(key: string) {
    yield* (await driver()).read(checkKey(key))
  }

  async function write(key: string, content: Uint8Array, ifAbsent: boolean) {
    const { chunks, hash } = hashing([content])
    const wrote = await (await driver()).write(checkKey(key), chunks, { ifAbsent })
    return wrote ? { key, ...hash() } : undefined
  }

  return {
    async put(key, content) {
      const stored = await write(key, content, false)
      if (stored === undefined) throw new Error('an unconditional put was refused')
      return stored
    },

    async putFile(key, path) {
      let unreadable: unknown
      async function* source() {
        try {
          yield* createReadStream(path, { highWaterMark: READ_BYTES }) as AsyncIterable<Buffer>
        } catch (error) {
          unreadable = error
          throw error
        }
      }
      const { chunks, hash } = hashing(source())
      try {
        await (await driver()).write(checkKey(key), chunks, { ifAbsent: false })
      } catch (error) {
        throw unreadable ?? error
      }
      return { key, ...hash() }
    },

    putIfAbsent: (key, content) => write(key, content, true),

    async get(key, sha256) {
      const { chunks, hash } = hashing(read(key))
      const content = await collect(chunks)
      if (hash().sha256 !== sha256) throw new ObjectError('corrupt', key)
      return content
    },

    async getFile(key, sha256, path) {
      const { chunks, hash } = hashing(read(key))
      const partial = `${path}.partial-${randomUUID()}`
      await makeFolder(dirname(path))
      await writeSynced(partial, chunks)
      try {
        const found = hash()
        if (found.sha256 !== sha256) throw new ObjectError('corrupt', key)
        await moveDurably(partial, path)
        return { key, ...found }
      } finally {
        // Not there any more when it was moved.
        await rm(partial, { force: true })
      }
    },

    async verify(key, sha256) {
      const found = await hashOf(read(key))
      if (found.sha256 !== sha256) throw new ObjectError('corrupt', key)
      return { key, ...found }
    },

    getUnverified: (key) => collect(read(key)),

    readUnverified: read,

    async *list(prefix) {
      yield* (await driver()).list(checkPrefix(prefix))
    },

    async delete(key) {
      await (await driver()).delete(checkKey(key))
    },

    async close() {
      ;(await opened)?.close()
    },
  }
}
