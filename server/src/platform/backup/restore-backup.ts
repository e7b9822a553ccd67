import { type Client, escapeIdentifier } from 'pg'
import { knownMigrations, migrate } from '#platform/db'
import type { ObjectStore } from '#platform/objects'
import { BackupError } from './backup-error.ts'
import type { BackupPlace } from './backup-place.ts'
import { restoreCursors } from './feeds.ts'
import type { BackupManifest, TableCopy } from './manifest.ts'
import { restoreObjects } from './object-copies.ts'
import { readTables } from './schema-reader.ts'
import { inTransaction, withSession } from './session.ts'
import { columnList, loadTable } from './table-copies.ts'
import { verifyBackup } from './verify-backup.ts'
import { restoreWaitingJobs } from './waiting-jobs.ts'

export interface RestoreBackupOptions {
  place: BackupPlace
  /** An empty database, on the server itself; migrated or not. */
  databaseUrl: string
  /** Where the backup's objects go; without it they stay in the backup. */
  objects?: ObjectStore
  onProgress?: (done: { table: string; rows: number }) => void
}

export interface Restored {
  manifest: BackupManifest
  /** Rows that the database has now, by table. */
  counts: Record<string, number>
  /** Migrations that this release added after the backup's. */
  migrated: string[]
}

async function requireKnownSchema({ migrations }: BackupManifest): Promise<void> {
  const known = new Set(await knownMigrations())
  const unknown = migrations.filter((name) => !known.has(name))
  if (unknown.length > 0) {
    throw new BackupError(
      `the backup is of a later release: this one does not know ${unknown.join(', ')}`,
    )
  }
}

/** A database may have been migrated, and then no further than the backup; it may hold no rows. */
async function requireEmptyTarget(client: Client, { migrations }: BackupManifest): Promise<void> {
  for (const { table, partitioned } of await readTables(client)) {
    if (partitioned) continue
    const { rows } = await client.query(`select from only ${escapeIdentifier(table)} limit 1`)
    if (rows.length > 0) throw new BackupError(`the database is not empty: ${table} has rows`)
  }
  const { rows } = await client.query<{ found: boolean }>(
    `select to_regclass('schema_migration') is not null as found`,
  )
  if (rows[0]?.found !== true) return
  const applied = await client.query<{ name: string }>('select name from schema_migration')
  const later = applied.rows.filter(({ name }) => !migrations.includes(name))
  if (later.length > 0) {
    throw new BackupError('the database has a later schema than the backup: give it an empty one')
  }
}

async function createPartitions(client: Client, { partitions }: BackupManifest): Promise<void> {
  const there = new Set((await readTables(client)).map(({ table }) => table))
  for (const { partition, parent, bound } of partitions) {
    if (there.has(partition)) continue
    const names = `${escapeIdentifier(partition)} partition of ${escapeIdentifier(parent)}`
    await client.query(`create table ${names} ${bound}`)
  }
}

/** Triggers of ours stand for what people do; what comes back was done already. */
async function withoutTriggers(client: Client, work: () => Promise<void>): Promise<void> {
  const { rows } = await client.query<{ table: string }>(
    `select distinct relname as "table" from pg_trigger join pg_class on pg_class.oid = tgrelid
     where not tgisinternal and relnamespace = 'public'::regnamespace and tgparentid = 0`,
  )
  const all = (verb: 'enable' | 'disable') =>
    rows.map(({ table }) => `alter table ${escapeIdentifier(table)} ${verb} trigger user`)
  for (const statement of all('disable')) await client.query(statement)
  await work()
  for (const statement of all('enable')) await client.query(statement)
}

async function countRows(client: Client, { table }: TableCopy): Promise<number> {
  const { rows } = await client.query<{ rows: string }>(
    `select count(*) as rows from ${escapeIdentifier(table)}`,
  )
  return Number(rows[0]?.rows)
}

/** Everything in one transaction: a restore that fails leaves an empty schema, to be tried again. */
async function load(
  client: Client,
  manifest: BackupManifest,
  { place, onProgress }: RestoreBackupOptions,
): Promise<Record<string, number>> {
  const { tables, sequences, cursors } = manifest
  const counts: Record<string, number> = {}
  await createPartitions(client, manifest)
  // A migration may have put rows there, which the backup has as they became.
  if (tables.length > 0) {
    await client.query(`truncate ${columnList(tables.map(({ table }) => table))}`)
  }
  await withoutTriggers(client, async () => {
    for (const copy of tables) {
      const rows = await loadTable(client, copy, place)
      counts[copy.table] = await countRows(client, copy)
      if (rows !== copy.rows || counts[copy.table] !== copy.rows) {
        throw new BackupError(`${copy.table} has ${rows} rows in place of ${copy.rows}`)
      }
      onProgress?.({ table: copy.table, rows })
    }
    await restoreCursors(client, cursors)
  })
  for (const { sequence, lastValue } of sequences) {
    await client.query('select setval(quote_ident($1)::regclass, $2::bigint)', [
      sequence,
      lastValue,
    ])
  }
  return counts
}

/**
 * Puts a backup into an empty database, and brings it to this release's schema. Needs no superuser:
 * the role must own the database. Nothing is written before all of the backup was read and proved.
 * @throws BackupError when it is damaged or of a later release, or the database is not empty.
 */
export async function restoreBackup(options: RestoreBackupOptions): Promise<Restored> {
  const { place, databaseUrl, objects } = options
  const manifest = await verifyBackup(place)
  await requireKnownSchema(manifest)
  await withSession(databaseUrl, (client) => requireEmptyTarget(client, manifest))
  await migrate(databaseUrl, { only: manifest.migrations })
  if (objects !== undefined) await restoreObjects(objects, manifest.objects ?? [], place)
  // Before the rows: what a second try would put there again is known by its id.
  if (manifest.jobs !== undefined) await restoreWaitingJobs(databaseUrl, manifest.jobs, place)
  const counts = await withSession(databaseUrl, async (client) => {
    const loaded = await inTransaction(client, () => load(client, manifest, options))
    // Without statistics the first queries would be planned for empty tables.
    await client.query('analyze')
    return loaded
  })
  const { applied } = await migrate(databaseUrl)
  return { manifest, counts, migrated: applied }
}
