import { readdir, readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { Kysely, PostgresDialect, sql } from 'kysely'
import { type Migration, Migrator } from 'kysely/migration'
import { Pool } from 'pg'

const FOLDER = resolve(import.meta.dirname, '../../../migrations')
const NAME = /^\d{4}_[a-z0-9_]+\.sql$/

/** Aborts rather than queue behind a held lock, where it would block every later query too. */
const LOCK_TIMEOUT = '5s'

export interface MigrationReport {
  /** File names applied by this run, in order; empty when the schema was up to date. */
  applied: string[]
}

async function readMigrations(): Promise<Record<string, Migration>> {
  const names = (await readdir(FOLDER)).filter((name) => NAME.test(name)).toSorted()
  const entries = names.map(async (name): Promise<[string, Migration]> => {
    const statements = await readFile(resolve(FOLDER, name), 'utf8')
    return [name, { up: async (db) => void (await sql.raw(statements).execute(db)) }]
  })
  return Object.fromEntries(await Promise.all(entries))
}

/**
 * Whether every migration that this code knows has been applied; a newer database is fine.
 * @throws when the database does not answer, or was never migrated.
 */
export async function schemaIsCurrent<Tables>(db: Kysely<Tables>): Promise<boolean> {
  const known = Object.keys(await readMigrations())
  const { rows } = await sql<{ name: string }>`select name from schema_migration`.execute(db)
  const applied = new Set(rows.map(({ name }) => name))
  return known.every((name) => applied.has(name))
}

/**
 * Applies the migrations that a database lacks, in name order, all in one transaction.
 * Safe to run from several processes at once: one works, the others wait for it, up to five seconds.
 * @throws the first error; nothing of the run is then applied.
 */
export async function migrate(databaseUrl: string): Promise<MigrationReport> {
  const pool = new Pool({
    connectionString: databaseUrl,
    max: 2,
    options: `-c lock_timeout=${LOCK_TIMEOUT}`,
  })
  const db = new Kysely<unknown>({ dialect: new PostgresDialect({ pool }) })
  try {
    const migrator = new Migrator({
      db,
      provider: { getMigrations: readMigrations },
      migrationTableName: 'schema_migration',
      migrationLockTableName: 'schema_migration_lock',
    })
    const { error, results = [] } = await migrator.migrateToLatest()
    if (error !== undefined) throw new Error('the schema could not be migrated', { cause: error })
    return { applied: results.map((result) => result.migrationName) }
  } finally {
    await db.destroy()
  }
}
