/** The object store: whole objects under checked names, verified by hash, on files or on S3. */
export { manifestKey, readManifest } from './artifact-manifest.ts'
export { ObjectError, type ObjectFault, objectFault } from './object-error.ts'
export type { ObjectStore } from './object-store.ts'
export { objectStore } from './open-store.ts'
export { publishArtifact } from './publish-artifact.ts'
export { verifiedCopies } from './verified-copies.ts'
export { verifyObjects } from './verify-objects.ts'
