/** The object store: content addressed by name, verified by hash. */
export { fileObjectStore, type ObjectStore, type StoredObject } from './object-store.ts'
