import type { EnvReader } from './env-reader.ts'

export interface DatabaseConfig {
  /** May lead to a PgBouncer in transaction mode. */
  url: string
  /** The server itself, for what needs a connection of its own: listening, session locks, copying. */
  directUrl: string
  /** A streaming replica for reads that may be a little old. */
  replicaUrl: string | undefined
  /** A replica further behind is not asked. */
  replicaMaxLagSeconds: number
  poolMax: number
  statementTimeoutMs: number
  lockTimeoutMs: number
  /** A statement that takes longer is logged. */
  slowQueryMs: number
}

export function readDatabase(env: EnvReader): DatabaseConfig {
  const url = env.databaseUrl('DATABASE_URL')
  const optional = (name: string) =>
    env.text(name) === undefined ? undefined : env.databaseUrl(name)
  const timeout = { min: 100, max: 600_000 }
  return {
    url,
    directUrl: optional('DATABASE_DIRECT_URL') ?? url,
    replicaUrl: optional('DATABASE_REPLICA_URL'),
    replicaMaxLagSeconds: env.integer('DATABASE_REPLICA_MAX_LAG_SECONDS', 10, {
      min: 1,
      max: 3600,
    }),
    poolMax: env.integer('DATABASE_POOL_MAX', 10, { min: 1, max: 500 }),
    statementTimeoutMs: env.integer('DATABASE_STATEMENT_TIMEOUT_MS', 10_000, timeout),
    lockTimeoutMs: env.integer('DATABASE_LOCK_TIMEOUT_MS', 5_000, timeout),
    slowQueryMs: env.integer('DATABASE_SLOW_QUERY_MS', 500, { min: 1, max: 600_000 }),
  }
}
