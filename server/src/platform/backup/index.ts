/** Backups of the database, and of objects, made while both are in use; and their way back. */

export type { BackupPlace } from './backup-place.ts'
export { createBackup } from './create-backup.ts'
export { drillBackup } from './drill.ts'
export type { FeedTable } from './feeds.ts'
export { folderPlace } from './folder-place.ts'

export { objectPlace } from './object-place.ts'
export { restoreBackup } from './restore-backup.ts'
export { verifyBackup } from './verify-backup.ts'
