import { type Static, Type } from 'typebox'
import { Value } from 'typebox/value'
import { sha256Of } from './content-hash.ts'
import { ObjectError } from './object-error.ts'
import type { ObjectStore } from './object-store.ts'

const Sha256 = Type.String({ pattern: '^[0-9a-f]{64}$', maxLength: 64 })

/** What an object is. Lies beside it, so that a bucket explains itself without a database. */
const ArtifactManifest = Type.Object(
  {
    schemaVersion: Type.Literal(1),
    /** Of the object that is described. */
    key: Type.String({ minLength: 1, maxLength: 480 }),
    sha256: Sha256,
    sizeBytes: Type.Integer({ minimum: 0 }),
    /** ISO 8601, UTC. */
    createdAt: Type.String({ maxLength: 40 }),
    contentType: Type.String({ minLength: 1, maxLength: 100 }),
    /** Whatever its maker has to say about it. */
    metadata: Type.Record(Type.String({ maxLength: 100 }), Type.Unknown()),
  },
  { additionalProperties: false },
)
export type ArtifactManifest = Static<typeof ArtifactManifest>

/** A manifest proves itself, since nothing else knows its hash. */
const Document = Type.Object({ manifest: ArtifactManifest, checksum: Sha256 })

export const MANIFEST_SUFFIX = '.manifest.json'

export const manifestKey = (key: string): string => `${key}${MANIFEST_SUFFIX}`

/** JSON that is parsed and written again is the same text. */
const checksumOf = (manifest: unknown) => sha256Of(Buffer.from(JSON.stringify(manifest)))

export function encodeManifest(manifest: ArtifactManifest): Uint8Array {
  return Buffer.from(JSON.stringify({ manifest, checksum: checksumOf(manifest) }, null, 2))
}

function parse(text: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(text))
  } catch {
    return undefined
  }
}

/** Reads the manifest of the object at `key`. @throws ObjectError when it is missing or damaged. */
export async function readManifest(
  objects: Pick<ObjectStore, 'getUnverified'>,
  key: string,
): Promise<ArtifactManifest> {
  const at = manifestKey(key)
  const document = parse(await objects.getUnverified(at))
  if (!Value.Check(Document, document)) {
    throw new ObjectError('corrupt', at, { detail: 'it has another form' })
  }
  const { manifest, checksum } = document
  if (checksumOf(manifest) !== checksum || manifest.key !== key) {
    throw new ObjectError('corrupt', at, { detail: 'it is not the one that was written' })
  }
  return manifest
}
