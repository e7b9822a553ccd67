import { createHash } from 'node:crypto'
import { buffer } from 'node:stream/consumers'
import { manifestKey, type ObjectStore, objectFault, readManifest } from '#platform/objects'
import { BackupError } from './backup-error.ts'
import type { BackupPlace } from './backup-place.ts'
import type { ObjectCopy } from './manifest.ts'
import { BACKUPS_PREFIX } from './object-place.ts'

async function* one(content: Uint8Array): AsyncGenerator<Uint8Array> {
  yield content
}

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
 * Copies every object but the backups among them, one at a time in memory.
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
    const content = await objects.getUnverified(key)
    const sha256 = createHash('sha256').update(content).digest('hex')
    const declared = described.has(manifestKey(key)) ? await declaredHash(objects, key) : undefined
    if (declared !== undefined && declared !== sha256) {
      throw new BackupError(`the object ${key} is damaged`)
    }
    const file = `objects/${key}`
    copies.push({ key, file, ...(await place.write(file, one(content))) })
  }
  return copies
}

/** Puts objects back where they were; what is there already under the same key is the same. */
export async function restoreObjects(
  objects: ObjectStore,
  copies: readonly ObjectCopy[],
  place: BackupPlace,
): Promise<void> {
  for (const copy of copies) {
    await objects.put(copy.key, await buffer(await place.open(copy.file, copy)))
  }
}
