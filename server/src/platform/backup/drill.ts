import { randomBytes } from 'node:crypto'
import { escapeIdentifier } from 'pg'
import type { BackupPlace } from './backup-place.ts'
import { type Restored, restoreBackup } from './restore-backup.ts'
import { withSession } from './session.ts'

export interface DrillReport extends Restored {
  /** How long the restore took, verification and later migrations included. */
  restoreMs: number
}

export interface DrillOptions {
  place: BackupPlace
  /** Its server gets the scratch database; its role must be allowed to create one. */
  databaseUrl: string
  /** Told of the restored database, before it is dropped. */
  inspect?: (scratchUrl: string) => Promise<void>
}

function urlOf(databaseUrl: string, database: string): string {
  const url = new URL(databaseUrl)
  url.pathname = `/${database}`
  return url.href
}

/** Restores a backup into a database made for it, which is dropped again whatever happens. */
export async function drillBackup(options: DrillOptions): Promise<DrillReport> {
  const { place, databaseUrl, inspect } = options
  const name = `backup_drill_${randomBytes(6).toString('hex')}`
  const scratchUrl = urlOf(databaseUrl, name)
  const run = (statement: string) => withSession(databaseUrl, (client) => client.query(statement))
  await run(`create database ${escapeIdentifier(name)} template template0`)
  try {
    const startedMs = performance.now()
    const restored = await restoreBackup({ place, databaseUrl: scratchUrl })
    const restoreMs = Math.round(performance.now() - startedMs)
    await inspect?.(scratchUrl)
    return { ...restored, restoreMs }
  } finally {
    await run(`drop database if exists ${escapeIdentifier(name)} with (force)`)
  }
}
