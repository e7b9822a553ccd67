import { Pool } from 'pg'
import { type SessionLimits, startupLimits } from './session-limits.ts'

/** One statement, in a transaction of its own. */
export interface Statement {
  /** Stable, and of this text only: a connection plans it once. */
  readonly name: string
  readonly text: string
  readonly values: readonly unknown[]
}

export interface Statements {
  /** @throws what PostgreSQL said, with its SQLSTATE as `code`; also when no answer came in time. */
  run<Row extends object>(statement: Statement): Promise<Row[]>
  close(): Promise<void>
}

export interface StatementsOptions extends SessionLimits {
  url: string
  /** Where `url` goes in the end. Another than `url`: then that is a PgBouncer in transaction mode. */
  directUrl: string
  connections: number
  applicationName: string
  /** Told of a connection that broke while idle; it is replaced. */
  onIdleError: (error: Error) => void
}

const CONNECT_TIMEOUT_MS = 2_000
const GRACE_MS = 500

/**
 * Connections of their own for a few statements that run all the time and may wait for nothing else.
 * Each is prepared once a connection, unless a pooler hands the connection to others in between.
 * A connection whose statement failed is replaced.
 */
export function openStatements(options: StatementsOptions): Statements {
  const pooled = options.directUrl !== options.url
  const pool = new Pool({
    connectionString: options.url,
    max: options.connections,
    application_name: options.applicationName,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    idleTimeoutMillis: 30_000,
    keepAlive: true,
    ...(pooled ? {} : startupLimits(options)),
    // A server that is frozen enforces nothing: then the client gives up.
    query_timeout: options.statementTimeoutMs + GRACE_MS,
  })
  // Without a listener a server restart would end the process.
  pool.on('error', options.onIdleError)
  return {
    async run<Row extends object>({ name, text, values }: Statement): Promise<Row[]> {
      const query = { text, values: [...values], ...(!pooled && { name }) }
      return (await pool.query<Row>(query)).rows
    },
    close: () => pool.end(),
  }
}
