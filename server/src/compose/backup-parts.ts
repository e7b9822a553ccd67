import { resolve } from 'node:path'
import {
  type BackupPlace,
  createBackup,
  drillBackup,
  type FeedTable,
  folderPlace,
  objectPlace,
  restoreBackup,
  verifyBackup,
} from '#platform/backup'
import { systemClock } from '#platform/clock'
import type { Config } from '#platform/config'
import { objectStore } from '#platform/objects'

/** The tables that are read by cursors; their names are kept with the cursors. */
const FEEDS: readonly FeedTable[] = [
  { feed: 'outbox', table: 'outbox_message', order: 'row' },
  { feed: 'analytics_event', table: 'analytics_event', order: 'transaction' },
]

const IN_STORE = 'objects:'

export interface CreateOptions {
  to: string
  /** Whether models, the lake and other objects are copied too. */
  withObjects: boolean
  onProgress: (done: { table: string; rows: number }) => void
}

export interface RestoreOptions {
  from: string
  /** URL of an empty database. */
  into: string
  withObjects: boolean
  onProgress: (done: { table: string; rows: number }) => void
}

export interface DrillOptions {
  /** An existing backup. Default: one that is made for the drill and deleted after it. */
  from: string
  inspect?: (scratchUrl: string) => Promise<void>
}

/** Backups of what this configuration names. A place is a folder, or `objects:<name>` in the store. */
export function backups({ database, objects: objectsConfig }: Config) {
  const objects = objectStore(objectsConfig, { clock: systemClock })
  const placeOf = (place: string): BackupPlace =>
    place.startsWith(IN_STORE)
      ? objectPlace(objects, place.slice(IN_STORE.length))
      : folderPlace(resolve(place))
  const databaseUrl = database.directUrl
  return {
    create: ({ to, withObjects, onProgress }: CreateOptions) =>
      createBackup({
        databaseUrl,
        place: placeOf(to),
        feeds: FEEDS,
        onProgress,
        ...(withObjects && { objects }),
      }),
    verify: (from: string) => verifyBackup(placeOf(from)),
    restore: ({ from, into, withObjects, onProgress }: RestoreOptions) =>
      restoreBackup({
        place: placeOf(from),
        databaseUrl: into,
        onProgress,
        ...(withObjects && { objects }),
      }),
    drill: ({ from, ...rest }: DrillOptions) =>
      drillBackup({ place: placeOf(from), databaseUrl, ...rest }),
    close: () => objects.close(),
  }
}
