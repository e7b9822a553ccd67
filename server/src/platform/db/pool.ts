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
 * A connection that is of use to one caller only. When its answer never came it still waits for it:
 * in the pool it would hold up whoever is given it next, for as long as the peer is silent. And when
 * it breaks it says so to its statement and then to whoever listens: the pool does while it is idle,
 * nobody while it is in use, and an error that nobody hears ends the process.
 */
function guarded(client: PoolClient): PostgresPoolClient {
  let broken = false
  const onBreak = () => {
    broken = true
  }
  client.on('error', onBreak)

  const query = async (text: string, parameters: readonly unknown[]) => {
    try {
      return await client.query(text, [...parameters])
    } catch (error) {
      broken ||= error instanceof Error && error.message === READ_TIMEOUT
      throw error
    }
  }
  return Object.assign(Object.create(client) as PostgresPoolClient, {
    query,
    release(discard?: boolean) {
      client.release(broken || discard === true)
      // After the pool listens again, so that at no time nobody does.
      client.off('error', onBreak)
    },
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
    connect: async () => guarded(await pool.connect()),
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
