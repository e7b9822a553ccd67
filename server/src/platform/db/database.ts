import { type Kysely, Kysely as KyselyInstance, PostgresDialect, sql } from 'kysely'
import { Pool } from 'pg'
import type { DatabaseConfig } from '#platform/config'
import { schemaIsCurrent } from './migrate.ts'
import { type QueryObserver, queryLog } from './query-log.ts'

export interface Database<Tables> {
  db: Kysely<Tables>
  /** @throws when the server does not answer within its timeouts, or lacks a migration. */
  checkReady(): Promise<void>
  close(): Promise<void>
}

type Limits = Pick<DatabaseConfig, 'poolMax' | 'statementTimeoutMs'> &
  Partial<Pick<DatabaseConfig, 'lockTimeoutMs' | 'slowQueryMs'>>

export interface DatabaseOptions extends Limits {
  url: string
  applicationName: string
  observe?: QueryObserver
  /** Told of a connection that broke while idle; the pool replaces it. */
  onIdleError?: (error: Error) => void
}

/** Ends a wait for a free connection before clients give up on their side. */
const CONNECT_TIMEOUT_MS = 2_000

/** Opens a pool of connections; the first is made by the first query. */
export function openDatabase<Tables>(options: DatabaseOptions): Database<Tables> {
  const pool = new Pool({
    connectionString: options.url,
    max: options.poolMax,
    application_name: options.applicationName,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    idleTimeoutMillis: 30_000,
    keepAlive: true,
    // Sent as startup parameters, so that they hold for every statement without a round trip.
    statement_timeout: options.statementTimeoutMs,
    // A server that is frozen enforces nothing: then the client gives up.
    query_timeout: options.statementTimeoutMs + 1_000,
    lock_timeout: Math.min(options.statementTimeoutMs, options.lockTimeoutMs ?? 5_000),
    idle_in_transaction_session_timeout: 30_000,
  })
  // Without a listener a server restart would end the process.
  pool.on('error', (error) => options.onIdleError?.(error))

  const db = new KyselyInstance<Tables>({
    dialect: new PostgresDialect({ pool }),
    log: queryLog(options.observe),
  })
  // Once current it stays so: migrations only go forward.
  let isCurrent = false
  return {
    db,
    async checkReady() {
      if (isCurrent) await sql`select 1`.execute(db)
      else isCurrent = await schemaIsCurrent(db)
      if (!isCurrent) throw new Error('the database lacks migrations: run the migrate command')
    },
    close: () => db.destroy(),
  }
}
