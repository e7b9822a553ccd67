import { type ArtifactName, artifactKey } from './artifact-key.ts'
import { type ArtifactManifest, encodeManifest, manifestKey } from './artifact-manifest.ts'
import { fileHash, sha256Of } from './content-hash.ts'
import { ObjectError } from './object-error.ts'
import type { ObjectStore } from './object-store.ts'

export interface NewArtifact extends Omit<ArtifactName, 'sha256'> {
  contentType: string
  /** Its bytes, or the local file that holds them. */
  content: Uint8Array | { path: string }
  /** Anything that JSON can hold. */
  metadata?: Readonly<Record<string, unknown>>
}

/**
 * Keeps an artifact under the name that convention gives it, and then its manifest: who finds the
 * manifest finds the whole object. Nothing points to it yet; that is the caller's to do, after this.
 * Done again, it changes nothing, and mends what a failure left unfinished.
 */
export async function publishArtifact(
  objects: Pick<ObjectStore, 'put' | 'putFile'>,
  { contentType, content, metadata = {}, ...name }: NewArtifact,
): Promise<ArtifactManifest> {
  const isFile = !(content instanceof Uint8Array)
  const sha256 = isFile ? (await fileHash(content.path)).sha256 : sha256Of(content)
  const key = artifactKey({ ...name, sha256 })
  const stored = isFile ? await objects.putFile(key, content.path) : await objects.put(key, content)
  if (stored.sha256 !== sha256) {
    throw new ObjectError('corrupt', key, { detail: 'its file changed while it was read' })
  }
  const manifest: ArtifactManifest = {
    schemaVersion: 1,
    ...stored,
    createdAt: name.at.toISOString(),
    contentType,
    metadata,
  }
  await objects.put(manifestKey(key), encodeManifest(manifest))
  return manifest
}
