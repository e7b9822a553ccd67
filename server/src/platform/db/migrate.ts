import { readdir, readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { Kysely, PostgresDialect, sql } from 'kysely'
import { type Migration, Migrator } from 'kysely/migration'
import { Pool } from 'pg'

const FOLDER = resolve(import.meta.dirname, '../../../migrations')
const NAME = /^\d{4}_[a-z0-9_]+\.sql$/

/**
 * Aborts rather than queue behind a held lock, where it would block every later query too. What it
 * takes the time for once it has its locks is its own; a role's defaults are meant for requests.
 */
const SETTINGS =
  '-c lock_timeout=5s -c statement_timeout=0 -c idle_in_transaction_session_timeout=0'

export interface MigrationReport {
  /** File names applied by this run, in order; empty when the schema was up to date. */
  applied: string[]
}

export interface MigrateOptions {
  /** Applies these files and no later ones: the schema of an earlier release. */
  only?: readonly string[]
}

/** The files that this code brings along, in the order in which they are applied. */
export async function knownMigrations(): Promise<string[]> {
  return (await readdir(FOLDER)).filter((name) => NAME.test(name)).toSorted()
}

async function readMigrations(names: readonly string[]): Promise<Record<string, Migration>> {
  const entries = names.map(async (name): Promise<[string, Migration]> => {
    const statements = await readFile(resolve(FOLDER, name), 'utf8')
    return [name, { up: async (db) => void (await sql.raw(statements).execute(db)) }]
  })
  return Object.fromEntries(await Promise.all(entries))
}

/**
 * The files that the database has had, in name order.
 * @throws when the database does not answer, or was never migrated.
 */
async function appliedMigrations<Tables>(db: Kysely<Tables>): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`select name from schema_migration`.execute(db)
  return rows.map(({ name }) => name).toSorted()
}

/**
 * Whether every migration that this code knows has been applied; a newer database is fine.
 * @throws as `appliedMigrations`.
 */
export async function schemaIsCurrent<Tables>(db: Kysely<Tables>): Promise<boolean> {
  const applied = new Set(await appliedMigrations(db))
  return (await knownMigrations()).every((name) => applied.has(name))
}

async function wasMigrated(db: Kysely<unknown>): Promise<boolean> {
  const { rows } = await sql<{ found: boolean }>`
    select to_regclass('schema_migration') is not null as found`.execute(db)
  return rows[0]?.found === true
}

/**
 * Applies the migrations that a database lacks, in name order, all in one transaction. A database of
 * a later release is left alone: an earlier one that is rolled back to runs on it.
 * Safe to run from several processes at once: one works, the others wait for it, up to five seconds.
 * Needs the server itself: a pooler in transaction mode refuses the settings.
 * @throws the first error; nothing of the run is then applied.
 */
export async function migrate(
  databaseUrl: string,
  { only }: MigrateOptions = {},
): Promise<MigrationReport> {
  const pool = new Pool({ connectionString: databaseUrl, max: 2, options: SETTINGS })
  // A connection that breaks tells its statement; unheard elsewhere, it would end the process.
  pool.on('connect', (client) => client.on('error', () => undefined))
  const db = new Kysely<unknown>({ dialect: new PostgresDialect({ pool }) })
  try {
    return { applied: await applyMissing(db, only ?? (await knownMigrations())) }
  } catch (error) {
    throw new Error('the schema could not be migrated', { cause: error })
  } finally {
    await db.destroy()
  }
}

async function applyMissing(db: Kysely<unknown>, names: readonly string[]): Promise<string[]> {
  const done = new Set((await wasMigrated(db)) ? await appliedMigrations(db) : [])
  if (names.every((name) => done.has(name))) return []
  const migrator = new Migrator({
    db,
    provider: { getMigrations: () => readMigrations(names) },
    migrationTableName: 'schema_migration',
    migrationLockTableName: 'schema_migration_lock',
  })
  const { error, results = [] } = await migrator.migrateToLatest()
  if (error instanceof Error) throw error
  return results.map((result) => result.migrationName)
}
