import { openPool } from './pool.ts'
import type { SessionLimits } from './session-limits.ts'

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

const GRACE_MS = 500

/**
 * Connections of their own for a few statements that run all the time and may wait for nothing else.
 * Each is prepared once a connection, unless a pooler hands the connection to others in between.
 * A connection whose statement failed is replaced.
 */
export function openStatements(options: StatementsOptions): Statements {
  const pooled = options.directUrl !== options.url
  const pool = openPool({
    ...options,
    pooled,
    poolMax: options.connections,
    queryTimeoutMs: options.statementTimeoutMs + GRACE_MS,
  })
  return {
    async run<Row extends object>({ name, text, values }: Statement): Promise<Row[]> {
      const query = { text, values: [...values], ...(!pooled && { name }) }
      const connection = await pool.connect()
      let failed = true
      try {
        const { rows } = await connection.query<Row>(query)
        failed = false
        return rows
      } finally {
        connection.release(failed)
      }
    },
    close: () => pool.end(),
  }
}
