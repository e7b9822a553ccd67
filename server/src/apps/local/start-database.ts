import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { migrate } from '#platform/db'
import { startEmbeddedPostgres } from '#platform/embedded-postgres'
import { LocalRunError } from './local-errors.ts'
import type { StartContext } from './start-context.ts'

const DATABASE = 'music_language'

export interface DatabasePlace {
  readonly url: string
  /** A file that exists once the demo data is in this database. */
  readonly demoMarker: string
}

/** Starts the embedded server, unless the operator has named one. */
export async function startDatabase({
  config,
  terminal,
  system,
}: StartContext): Promise<DatabasePlace> {
  const done = terminal.begin('database')
  if (config.databaseUrl !== undefined) {
    done('DATABASE_URL')
    const id = createHash('sha256').update(config.databaseUrl).digest('hex').slice(0, 12)
    return { url: config.databaseUrl, demoMarker: join(config.dataDir, `demo-seeded-${id}`) }
  }
  const postgres = await startEmbeddedPostgres({
    dataDir: join(config.dataDir, 'postgres'),
    databases: [DATABASE],
    log: (line) => terminal.line(`  ${line}`),
  })
  system.postgres = postgres
  done(`PostgreSQL on 127.0.0.1:${postgres.port}${postgres.adopted ? ', still running' : ''}`)
  return { url: postgres.urlFor(DATABASE), demoMarker: join(postgres.dataDir, 'demo-seeded') }
}

/** The deepest cause says what the database answered. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return error.cause === undefined ? error.message : reasonOf(error.cause)
}

/** @throws LocalRunError saying what the database answered. */
export async function migrateDatabase({ terminal }: StartContext, url: string): Promise<void> {
  const done = terminal.begin('schema')
  const { applied } = await migrate(url).catch((error: unknown) => {
    throw new LocalRunError(`The database's schema is not usable: ${reasonOf(error)}`, {
      cause: error,
    })
  })
  done(applied.length === 0 ? 'up to date' : `${applied.length} migrations applied`)
}
