import type { BackupPlace } from './backup-place.ts'
import { type BackupManifest, decodeManifest, filesOf, MANIFEST_FILE } from './manifest.ts'

/**
 * Reads all of a backup and compares it with its manifest.
 * @throws BackupError when there is none, when it is not whole, or damaged.
 */
export async function verifyBackup(place: BackupPlace): Promise<BackupManifest> {
  const manifest = decodeManifest(await place.readSmall(MANIFEST_FILE))
  for (const stored of filesOf(manifest)) await place.verify(stored.file, stored)
  return manifest
}
