import type { PostgresPool, PostgresPoolClient } from 'kysely'
import { Pool, type PoolClient } from 'pg'
import { type SessionLimits, startupLimits } from './session-limits.ts'

export interface PoolOptions extends SessionLimits {
  url: string
  /** Connections at most. */
  poolMax: number
  applicationName: string
  /** Whether the address leads to a PgBouncer in transaction mode. */
  pooled: boolean
  /** Longer than this no statement is waited for, whatever the server does. */
  queryTimeoutMs?: number
  /** Told of a connection that broke while idle; the pool replaces it. */
  onIdleError?: (error: Error) => void
}

export interface PoolState {
  inUse: number
  idle: number
  /** Callers that wait for a connection. */
  waiting: number
  max: number
}

/** Ends a wait for a free connection before clients give up on their side. */
const CONNECT_TIMEOUT_MS = 2_000
const IDLE_TIMEOUT_MS = 30_000
/** pg's own words for `query_timeout`; it gives the error no code. */
const READ_TIMEOUT = 'Query read timeout'

/**
 * A connection whose answer never came still waits for it: in the pool it would hold up whoever
 * is given it next, for as long as the peer is silent.
 */
function discardedWhenSilent(client: PoolClient): PostgresPoolClient {
  let silent = false
  const query = async (text: string, parameters: readonly unknown[]) => {
    try {
      return await client.query(text, [...parameters])
    } catch (error) {
      silent ||= error instanceof Error && error.message === READ_TIMEOUT
      throw error
    }
  }
  return Object.assign(Object.create(client) as PostgresPoolClient, {
    query,
    release: (discard?: boolean) => client.release(silent || discard === true),
  })
}

/** Connections to one server; the first is made by the first query. */
export function openPool(options: PoolOptions): PostgresPool & { state(): PoolState } {
  const { poolMax, statementTimeoutMs } = options
  const pool = new Pool({
    connectionString: options.url,
    max: poolMax,
    application_name: options.applicationName,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    idleTimeoutMillis: IDLE_TIMEOUT_MS,
    keepAlive: true,
    ...(options.pooled ? {} : startupLimits(options)),
    // A server that is frozen enforces nothing: then the client gives up.
    query_timeout: options.queryTimeoutMs ?? statementTimeoutMs + 1_000,
  })
  // Without a listener a server restart would end the process.
  pool.on('error', (error) => options.onIdleError?.(error))
  return {
    connect: async () => discardedWhenSilent(await pool.connect()),
    end: () => pool.end(),
    options: pool.options,
    state: () => ({
      inUse: pool.totalCount - pool.idleCount,
      idle: pool.idleCount,
      waiting: pool.waitingCount,
      max: poolMax,
    }),
  }
}
