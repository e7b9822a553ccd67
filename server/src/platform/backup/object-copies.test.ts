import { randomBytes } from 'node:crypto'
import { mkdtemp, rm, truncate } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type ObjectStore, objectStore, publishArtifact } from '#platform/objects'
import type { BackupPlace } from './backup-place.ts'
import { folderPlace } from './folder-place.ts'
import { copyObjects, restoreObjects } from './object-copies.ts'

const LARGE_BYTES = 5_000_000
const PIECE_BYTES = 1024 * 1024

let folder: string
let objects: ObjectStore
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'object-copies-'))
  objects = objectStore({ kind: 'files', folder: join(folder, 'objects') })
})
afterEach(() => rm(folder, { recursive: true }))

const place = () => folderPlace(join(folder, 'backup'))
const emptyStore = () => objectStore({ kind: 'files', folder: join(folder, 'restored') })

async function keysOf(store: ObjectStore): Promise<string[]> {
  const keys: string[] = []
  for await (const { key } of store.list('')) keys.push(key)
  return keys
}

const publish = () =>
  publishArtifact(objects, {
    area: 'models',
    name: 'item-knn',
    version: '1.0.0',
    at: new Date('2026-11-01T03:15:00Z'),
    extension: 'bin',
    contentType: 'application/octet-stream',
    content: Buffer.from('weights'),
  })

describe('objects in a backup', () => {
  it('come back as they were, with their manifests, and without the backups among them', async () => {
    const { key, sha256 } = await publish()
    const large = randomBytes(LARGE_BYTES)
    const stored = await objects.put('lake/day.parquet', large)
    await objects.put('backups/yesterday/manifest.json', Buffer.from('{}'))
    const copies = await copyObjects(objects, place())
    const restored = emptyStore()
    await restoreObjects(restored, copies, place())
    expect(await keysOf(restored)).toEqual(['lake/day.parquet', key, `${key}.manifest.json`])
    expect(await restored.get(key, sha256)).toEqual(Buffer.from('weights'))
    expect(large.equals(await restored.get('lake/day.parquet', stored.sha256))).toBe(true)
  })

  it('are never in memory as a whole', async () => {
    await objects.put('lake/day.parquet', randomBytes(LARGE_BYTES))
    const pieces: number[] = []
    const watched: BackupPlace = {
      ...place(),
      async write(file, chunks) {
        async function* seen() {
          for await (const chunk of chunks) {
            pieces.push(chunk.byteLength)
            yield chunk
          }
        }
        return place().write(file, seen())
      },
    }
    await copyObjects(objects, watched)
    expect(pieces.reduce((sum, bytes) => sum + bytes, 0)).toBe(LARGE_BYTES)
    expect(Math.max(...pieces)).toBeLessThanOrEqual(PIECE_BYTES)
  })

  it('are not copied when one is not what its manifest says', async () => {
    const { key } = await publish()
    await truncate(join(folder, 'objects', key), 3)
    await expect(copyObjects(objects, place())).rejects.toThrow(`the object ${key} is damaged`)
  })

  it('are not put back from a copy that has changed', async () => {
    const { key } = await publish()
    const copies = await copyObjects(objects, place())
    await truncate(join(folder, 'backup/objects', key), 3)
    await expect(restoreObjects(emptyStore(), copies, place())).rejects.toThrow(
      'changed while it was read',
    )
  })
})
