import { createHash, randomUUID } from 'node:crypto'
import { resolve } from 'node:path'
import { Disk } from 'flydrive'
import { FSDriver } from 'flydrive/drivers/fs'

export interface StoredObject {
  key: string
  /** Hex SHA-256 of the content. */
  sha256: string
  sizeBytes: number
}

/** Bytes that are written once under a name and read back unchanged: models, exports. */
export interface ObjectStore {
  put(key: string, content: Uint8Array): Promise<StoredObject>
  /** @throws Error when the object is missing, or its content is not what `sha256` says. */
  get(key: string, sha256: string): Promise<Uint8Array>
}

const sha256Hex = (content: Uint8Array): string =>
  createHash('sha256').update(content).digest('hex')

/** Objects as files below `<dataDir>/objects`. */
export function fileObjectStore({ dataDir }: { dataDir: string }): ObjectStore {
  const disk = new Disk(
    new FSDriver({ location: resolve(dataDir, 'objects'), visibility: 'private' }),
  )
  return {
    async put(key, content) {
      // Published under its final name only once whole: a reader never sees half an object.
      const partial = `${key}.partial-${randomUUID()}`
      await disk.put(partial, content)
      await disk.move(partial, key)
      return { key, sha256: sha256Hex(content), sizeBytes: content.byteLength }
    },
    async get(key, sha256) {
      const content = await disk.getBytes(key)
      if (sha256Hex(content) !== sha256) throw new Error(`object ${key} is corrupt`)
      return content
    },
  }
}
