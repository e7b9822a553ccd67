import { type Kysely, Kysely as KyselyInstance, PostgresDialect, sql } from 'kysely'
import { explained } from './connect-errors.ts'
import { schemaIsCurrent } from './migrate.ts'
import { openPool, type PoolState } from './pool.ts'
import { type QueryWatch, queryLog } from './query-log.ts'
import type { SessionLimits } from './session-limits.ts'

export interface Database<Tables> {
  db: Kysely<Tables>
  /** @throws when the server does not answer within its timeouts, or lacks a migration. */
  checkReady(): Promise<void>
  /** The pool of this process, at this moment. */
  poolState(): PoolState
  close(): Promise<void>
}

export interface DatabaseOptions extends QueryWatch, Partial<SessionLimits> {
  url: string
  /** Where `url` goes in the end. Another than `url`: then that is a PgBouncer in transaction mode. */
  directUrl?: string
  poolMax: number
  statementTimeoutMs: number
  applicationName: string
  /** Told of a connection that broke while idle; the pool replaces it. */
  onIdleError?: (error: Error) => void
  /** Told when the server answers nothing any more, and when it does again. */
  onSilence?: (state: { silent: boolean }) => void
  queryTimeoutMs?: number
}

const LOCK_TIMEOUT_MS = 5_000

/** What a pooler gives us is what the role was given: without it a statement could run for ever. */
async function requireLimits<Tables>(db: Kysely<Tables>): Promise<void> {
  const { rows } = await sql<{ limit: string }>`
    select current_setting('statement_timeout') as limit`.execute(db)
  if (rows[0]?.limit === '0') {
    throw new Error('the database role has no time-outs: run the migrate command')
  }
}

/** Opens a pool of connections; the first is made by the first query. */
export function openDatabase<Tables>(options: DatabaseOptions): Database<Tables> {
  const pooled = options.directUrl !== undefined && options.directUrl !== options.url
  const pool = openPool({
    ...options,
    pooled,
    lockTimeoutMs: options.lockTimeoutMs ?? LOCK_TIMEOUT_MS,
  })
  const db = new KyselyInstance<Tables>({
    dialect: new PostgresDialect({ pool }),
    log: queryLog(options),
  })

  async function checkAll(): Promise<void> {
    if (!(await schemaIsCurrent(db))) {
      throw new Error('the database lacks migrations: run the migrate command')
    }
    if (pooled) await requireLimits(db)
  }

  // Once current it stays so: migrations only go forward.
  let isCurrent = false
  return {
    db,
    async checkReady() {
      try {
        await (isCurrent ? sql`select 1`.execute(db) : checkAll())
        isCurrent = true
      } catch (error) {
        throw explained(error)
      }
    },
    poolState: pool.state,
    close: () => db.destroy(),
  }
}
