import { MANIFEST_SUFFIX, readManifest } from './artifact-manifest.ts'
import { ObjectError, type ObjectFault } from './object-error.ts'
import type { ObjectStore } from './object-store.ts'

export interface DamagedObject {
  key: string
  fault: ObjectFault
  problem: string
}

export interface VerifiedObjects {
  /** Whose manifest and content agree. */
  good: number
  goodBytes: number
  damaged: DamagedObject[]
  /** Objects that no manifest speaks of: of what is kept without one, or of an unfinished publish. */
  withoutManifest: number
}

export interface VerifyOptions {
  /** Beginning of the keys to look at; default all. */
  prefix?: string
  onProgress?: (sofar: VerifiedObjects) => void
}

/** A store that answers nothing at all is not a store full of damaged objects. */
const MAX_UNAVAILABLE_IN_A_ROW = 3

type Objects = Pick<ObjectStore, 'getUnverified' | 'verify' | 'list'>

/** How many bytes it has. @throws ObjectError */
async function verifyOne(objects: Objects, key: string): Promise<number> {
  const { sha256, sizeBytes } = await readManifest(objects, key)
  const found = await objects.verify(key, sha256)
  if (found.sizeBytes !== sizeBytes) {
    throw new ObjectError('corrupt', key, { detail: 'its manifest tells another size' })
  }
  return sizeBytes
}

async function tryVerify(objects: Objects, key: string): Promise<number | ObjectError> {
  try {
    return await verifyOne(objects, key)
  } catch (error) {
    if (error instanceof ObjectError) return error
    throw error
  }
}

/**
 * Reads every manifest, and every object that has one, to the last byte.
 * @throws ObjectError when the store itself cannot be read; damage is reported, not thrown.
 */
export async function verifyObjects(
  objects: Objects,
  { prefix = '', onProgress }: VerifyOptions = {},
): Promise<VerifiedObjects> {
  const report: VerifiedObjects = { good: 0, goodBytes: 0, damaged: [], withoutManifest: 0 }
  let unavailable = 0
  for await (const { key } of objects.list(prefix)) {
    if (!key.endsWith(MANIFEST_SUFFIX)) {
      // Until its manifest, which comes after it, is met.
      report.withoutManifest += 1
      continue
    }
    const described = key.slice(0, -MANIFEST_SUFFIX.length)
    const found = await tryVerify(objects, described)
    const isThere = typeof found === 'number' || found.fault !== 'missing'
    if (isThere) report.withoutManifest -= 1
    if (typeof found === 'number') {
      report.good += 1
      report.goodBytes += found
      unavailable = 0
    } else {
      unavailable = found.fault === 'unavailable' ? unavailable + 1 : 0
      if (unavailable >= MAX_UNAVAILABLE_IN_A_ROW) throw found
      report.damaged.push({ key: described, fault: found.fault, problem: found.message })
    }
    onProgress?.(report)
  }
  return report
}
