import { type Clock, systemClock } from '#platform/clock'
import type { ObjectsConfig } from '#platform/config'
import { fileDriver } from './file-driver.ts'
import { type ObjectStore, objectStoreOver } from './object-store.ts'
import { type ObserveObjects, observedStore } from './observed-store.ts'

export interface ObjectStoreOptions {
  clock?: Clock
  /** Told of each operation on an object, for metrics. */
  observe?: ObserveObjects
}

/** The store that the configuration names; touches it only when it is used. */
export function objectStore(
  config: ObjectsConfig,
  { clock = systemClock, observe }: ObjectStoreOptions = {},
): ObjectStore {
  const store = objectStoreOver(async () => {
    if (config.kind === 'files') return fileDriver(config.folder, clock)
    // Half a second and 40 MB that a store on files does without.
    const { s3Driver } = await import('./s3-driver.ts')
    return s3Driver(config)
  })
  return observe === undefined ? store : observedStore(store, observe)
}
