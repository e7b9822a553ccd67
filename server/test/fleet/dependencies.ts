import { type Sandbox, startSandbox } from '@music-language/sandbox'
import { limitRole, migrate } from '#platform/db'
import {
  type PgBouncerServer,
  type PostgresOptions,
  type PostgresServer,
  type RabbitServer,
  type RedisServer,
  startPgBouncer,
  startRabbit,
  startRedis,
  startSystemPostgres,
} from '#servers'

export interface DependencyOptions {
  readonly postgres?: PostgresOptions
  readonly redis?: boolean | Readonly<Record<string, string>>
  /** PgBouncer in transaction mode before PostgreSQL. */
  readonly pooler?: boolean
  readonly rabbit?: boolean
  /** What is to happen in the migrated database before any process starts. */
  readonly prepare?: (databaseUrl: string) => Promise<void>
}

/** What a fleet's processes share. */
export interface Dependencies {
  readonly postgres: PostgresServer
  readonly redis: RedisServer | undefined
  readonly pooler: PgBouncerServer | undefined
  readonly rabbit: RabbitServer | undefined
  readonly sandbox: Sandbox
  /** The system's database, past all proxies and poolers. */
  readonly databaseUrl: string
  close(): Promise<void>
}

/** What a session may take, also behind a pooler. */
const LIMITS = { statementTimeoutMs: 10_000, lockTimeoutMs: 5_000 }

/** Starts what is asked for, with a migrated database; stops all of it when one fails. */
export async function startDependencies(options: DependencyOptions): Promise<Dependencies> {
  const undo: (() => Promise<unknown>)[] = []
  const close = async () => {
    for (const step of undo.splice(0).toReversed()) await step()
  }
  async function owned<S extends { stop(): Promise<void> }>(starting: Promise<S>): Promise<S> {
    const server = await starting
    undo.push(() => server.stop())
    return server
  }
  const { redis = false } = options
  try {
    const postgres = await owned(startSystemPostgres(options.postgres))
    const databaseUrl = await postgres.createDatabase('music_language')
    await migrate(databaseUrl)
    await limitRole({ serviceUrl: databaseUrl, directUrl: databaseUrl, ...LIMITS })
    await options.prepare?.(databaseUrl)
    const sandbox = await startSandbox()
    undo.push(() => sandbox.close())
    return {
      postgres,
      databaseUrl,
      sandbox,
      redis: redis === false ? undefined : await owned(startRedis(redis === true ? {} : redis)),
      pooler: options.pooler === true ? await owned(startPgBouncer(databaseUrl)) : undefined,
      rabbit: options.rabbit === true ? await owned(startRabbit()) : undefined,
      close,
    }
  } catch (error) {
    await close()
    throw error
  }
}
