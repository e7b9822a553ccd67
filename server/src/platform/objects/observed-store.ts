import { type ObjectFault, objectFault } from './object-error.ts'
import type { ObjectStore } from './object-store.ts'

export interface ObjectOperation {
  operation: 'put' | 'get' | 'verify' | 'delete'
  /** `failed`: for a reason that is not the store's, such as a local file that cannot be read. */
  outcome: 'ok' | ObjectFault | 'failed'
  durationMs: number
}

export type ObserveObjects = (operation: ObjectOperation) => void

/** The same store, of which each operation on an object is told; what is read piece by piece is not. */
export function observedStore(store: ObjectStore, observe: ObserveObjects): ObjectStore {
  async function told<T>(operation: ObjectOperation['operation'], work: Promise<T>): Promise<T> {
    const startedMs = performance.now()
    let outcome: ObjectOperation['outcome'] = 'ok'
    try {
      return await work
    } catch (error) {
      outcome = objectFault(error) ?? 'failed'
      throw error
    } finally {
      observe({ operation, outcome, durationMs: performance.now() - startedMs })
    }
  }
  return {
    ...store,
    put: (key, content) => told('put', store.put(key, content)),
    putFile: (key, path) => told('put', store.putFile(key, path)),
    putIfAbsent: (key, content) => told('put', store.putIfAbsent(key, content)),
    get: (key, sha256) => told('get', store.get(key, sha256)),
    getFile: (key, sha256, path) => told('get', store.getFile(key, sha256, path)),
    getUnverified: (key) => told('get', store.getUnverified(key)),
    verify: (key, sha256) => told('verify', store.verify(key, sha256)),
    delete: (key) => told('delete', store.delete(key)),
  }
}
