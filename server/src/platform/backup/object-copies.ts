import { createWriteStream } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { manifestKey, type ObjectStore, objectFault, readManifest } from '#platform/objects'
import { BackupError } from './backup-error.ts'
import type { BackupPlace } from './backup-place.ts'
import type { ObjectCopy } from './manifest.ts'
import { BACKUPS_PREFIX } from './object-place.ts'

/** What the object's own manifest says of its content, if it has one. */
async function declaredHash(objects: ObjectStore, key: string): Promise<string | undefined> {
  try {
    return (await readManifest(objects, key)).sha256
  } catch (error) {
    if (objectFault(error) === 'missing') return undefined
    throw error
  }
}

/**
 * Copies every object but the backups among them, one after the other, in bounded memory.
 * @throws BackupError for one whose content is not what its manifest says: it is no good twice.
 */
export async function copyObjects(objects: ObjectStore, place: BackupPlace): Promise<ObjectCopy[]> {
  const keys: string[] = []
  for await (const { key } of objects.list('')) {
    if (!key.startsWith(BACKUPS_PREFIX)) keys.push(key)
  }
  const described = new Set(keys)
  const copies: ObjectCopy[] = []
  for (const key of keys) {
    const declared = described.has(manifestKey(key)) ? await declaredHash(objects, key) : undefined
    const file = `objects/${key}`
    const written = await place.write(file, objects.readUnverified(key))
    if (declared !== undefined && declared !== written.sha256) {
      throw new BackupError(`the object ${key} is damaged`)
    }
    copies.push({ key, file, ...written })
  }
  return copies
}

/** Puts objects back where they were; what is there already under the same key is the same. */
export async function restoreObjects(
  objects: ObjectStore,
  copies: readonly ObjectCopy[],
  place: BackupPlace,
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'restore-'))
  const path = join(folder, 'object')
  try {
    for (const copy of copies) {
      await pipeline(await place.open(copy.file, copy), createWriteStream(path, { mode: 0o600 }))
      const { sha256 } = await objects.putFile(copy.key, path)
      if (sha256 !== copy.sha256) throw new BackupError(`${copy.file} changed while it was read`)
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
