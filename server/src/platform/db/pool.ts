import type { PostgresPool, PostgresPoolClient } from 'kysely'
import { Pool, type PoolClient, type QueryConfig, type QueryResult, type QueryResultRow } from 'pg'
import { errorCode } from '#platform/errors'
import { answersWithin } from './answer-probe.ts'
import { type AnswerWatch, answerWatch } from './answer-watch.ts'
import { connectionLost, isConnectionLost } from './connect-errors.ts'
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
  /** Told when the server answers nothing any more, and when it does again. */
  onSilence?: (state: { silent: boolean }) => void
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
/** Two of these and the quiet before them: a caller of a frozen server is let go after 1.3 s. */
const PROBE_TIMEOUT_MS = 400

/** pg's own words for `query_timeout`; it gives the error no code. */
const READ_TIMEOUT = 'Query read timeout'

/** Nothing came, and what comes yet is for nobody. */
const isLost = (error: unknown): boolean =>
  error instanceof Error && (error.message === READ_TIMEOUT || isConnectionLost(error))

/** A connection out of the pool; also what Kysely asks for. */
export type Connection = PostgresPoolClient & {
  query<Row extends QueryResultRow>(
    statement: string | QueryConfig,
    parameters?: readonly unknown[],
  ): Promise<QueryResult<Row>>
  release(discard?: boolean): void
}

/**
 * A connection that is of use to one caller only. When its answer never came it still waits for it:
 * in the pool it would hold up whoever is given it next, for as long as the peer is silent.
 */
function guarded(client: PoolClient, watch: AnswerWatch): Connection {
  let broken = false
  const onBreak = () => {
    broken = true
  }
  client.on('error', onBreak)

  async function query<Row extends QueryResultRow>(
    statement: string | QueryConfig,
    parameters?: readonly unknown[],
  ): Promise<QueryResult<Row>> {
    // The rollback of a transaction whose statement was given up would wait behind it.
    if (broken) throw connectionLost('the connection to the database was lost')
    try {
      const values = parameters === undefined ? undefined : [...parameters]
      const result = await watch.wait(() => client.query<Row>(statement, values))
      watch.heard()
      return result
    } catch (error) {
      broken ||= isLost(error)
      throw broken && errorCode(error) === undefined
        ? connectionLost('the connection to the database was lost', error)
        : error
    }
  }
  return Object.assign(Object.create(client) as Connection, {
    query,
    release(discard?: boolean) {
      client.off('error', onBreak)
      client.release(broken || discard === true)
    },
  })
}

export interface ConnectionPool extends PostgresPool {
  connect(): Promise<Connection>
  state(): PoolState
}

/** Connections to one server; the first is made by the first query. */
export function openPool(options: PoolOptions): ConnectionPool {
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
  pool.on('error', (error) => options.onIdleError?.(error))
  // What breaks tells its statement too. The pool listens to what is idle, and nobody to what is in
  // use or being discarded: an error that nobody hears ends the process.
  pool.on('connect', (client) => client.on('error', () => undefined))
  const watch = answerWatch({
    probe: () => answersWithin(options.url, PROBE_TIMEOUT_MS),
    onChange: options.onSilence,
  })
  const connect = () =>
    watch.wait(
      () => pool.connect(),
      (client) => client.release(),
    )
  return {
    connect: async () => guarded(await connect(), watch),
    end() {
      watch.stop()
      return pool.end()
    },
    options: pool.options,
    state: () => ({
      inUse: pool.totalCount - pool.idleCount,
      idle: pool.idleCount,
      waiting: pool.waitingCount,
      max: poolMax,
    }),
  }
}
