import {
  type CompiledQuery,
  Kysely,
  type Kysely as KyselyType,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
} from 'kysely'
import { type Database, type DatabaseOptions, openDatabase } from '../database.ts'
import type { PoolState } from '../pool.ts'
import { readDriver } from './read-driver.ts'
import { watchReplica } from './replica-watch.ts'

export interface ReadsOptions<Tables> extends Omit<DatabaseOptions, 'url'> {
  primary: Database<Tables>
  /** Where `primary` was opened; tells whether poolers are in use. */
  url: string
  replicaUrl: string | undefined
  replicaMaxLagSeconds: number
  onAnswer?: (server: 'primary' | 'replica') => void
  /** Told when the replica goes out of use or comes back. */
  onReplicaChange?: (state: { usable: boolean; error?: unknown }) => void
}

export interface Reads<Tables> {
  /**
   * For selects whose answer may be up to `replicaMaxLagSeconds` old: they go to the replica, and to
   * the primary while that is late, down, or not configured. What a caller has just written may be
   * missing. Never for what decides who may do what.
   */
  db: KyselyType<Tables>
  /** Undefined without a replica. */
  replica: { poolState(): PoolState; lagSeconds(): number | undefined } | undefined
  close(): Promise<void>
}

/** A replica that is silent must cost less time than a request has. */
const QUERY_TIMEOUT_MS = 3_000

/** Opens no connection yet. Without a replica, reads are the primary's. */
export function openReads<Tables>(options: ReadsOptions<Tables>): Reads<Tables> {
  const { primary, replicaUrl, url, onAnswer, onReplicaChange, ...rest } = options
  if (replicaUrl === undefined) {
    return { db: primary.db, replica: undefined, close: async () => undefined }
  }
  const { directUrl = url } = rest
  const replica = openDatabase<Tables>({
    ...rest,
    url: replicaUrl,
    // With a pooler before the primary there may be one before the replica; the role's time-outs
    // are replicated too.
    directUrl: directUrl === url ? replicaUrl : directUrl,
    queryTimeoutMs: Math.min(QUERY_TIMEOUT_MS, rest.statementTimeoutMs),
  })
  const watch = watchReplica<Tables>({
    primary: primary.db,
    replica: replica.db,
    maxLagSeconds: options.replicaMaxLagSeconds,
    ...(onReplicaChange !== undefined && { onChange: onReplicaChange }),
  })
  const driver = readDriver({
    replica: <R>(query: CompiledQuery<R>) => replica.db.executeQuery<R>(query),
    primary: <R>(query: CompiledQuery<R>) => primary.db.executeQuery<R>(query),
    isFresh: watch.isFresh,
    onReplicaFailure: watch.failed,
    onAnswer: (server) => onAnswer?.(server),
  })
  return {
    db: new Kysely<Tables>({
      dialect: {
        createAdapter: () => new PostgresAdapter(),
        createDriver: () => driver,
        createIntrospector: (db) => new PostgresIntrospector(db),
        createQueryCompiler: () => new PostgresQueryCompiler(),
      },
    }),
    replica: { poolState: replica.poolState, lagSeconds: watch.lagSeconds },
    async close() {
      await watch.settled()
      await replica.close()
    },
  }
}
