/** The object store: content addressed by name, verified by hash. */
export { fileObjectStore, type ObjectStore } from './object-store.ts'
