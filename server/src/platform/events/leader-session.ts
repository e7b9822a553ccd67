import { Client, type QueryResultRow } from 'pg'
import type { LeadershipOptions } from './leadership.ts'

/** First key of our advisory locks; the second is a hash of the name. */
const LOCK_CLASS = 7_320_010

const QUERY_TIMEOUT_MS = 2_000

/** Has the server notice within 25 s that a leader's machine is gone, and free its locks. */
const KEEPALIVE = '-c tcp_keepalives_idle=10 -c tcp_keepalives_interval=5 -c tcp_keepalives_count=3'

export interface LeaderSession {
  /** Aborted once the connection, and every lock with it, is or must be taken for lost. */
  lost: AbortSignal
  tryLock(name: string): Promise<boolean>
  unlock(name: string): Promise<void>
  close(): Promise<void>
}

/** One connection that holds locks and shows by a heartbeat that its process is alive. */
export async function openLeaderSession(options: LeadershipOptions): Promise<LeaderSession> {
  const { databaseUrl, applicationName, heartbeatMs = 2_000, frozenAfterMs = 15_000 } = options
  const client = new Client({
    connectionString: databaseUrl,
    application_name: applicationName,
    connectionTimeoutMillis: QUERY_TIMEOUT_MS,
    query_timeout: QUERY_TIMEOUT_MS,
    keepAlive: true,
    options: KEEPALIVE,
  })
  const lost = new AbortController()
  client.on('error', () => lost.abort())
  client.on('end', () => lost.abort())
  await client.connect()

  let last: Promise<unknown> = Promise.resolve()

  /** One statement at a time: a connection has no more. */
  function ask<Row extends QueryResultRow>(text: string, values: unknown[]): Promise<Row[]> {
    const answer = last.then(async () => (await client.query<Row>(text, values)).rows)
    // Whether a lock was given is unknown after a failure: then none of them is ours any more.
    last = answer.catch(() => lost.abort())
    return answer
  }

  const heartbeat = setInterval(() => void ask('select 1', []).catch(() => undefined), heartbeatMs)
  lost.signal.addEventListener('abort', () => {
    clearInterval(heartbeat)
    client.end().catch(() => undefined)
  })

  /**
   * A process that is stopped keeps its connection and lock for ever: the kernel answers for it.
   * Ending its session frees the lock; should it wake, it learns of that by its broken connection.
   */
  async function endFrozenHolder(name: string): Promise<void> {
    await ask(
      `select pg_terminate_backend(activity.pid)
       from pg_locks as lock join pg_stat_activity as activity using (pid)
       where lock.locktype = 'advisory' and lock.granted and lock.objsubid = 2
         and lock.classid = $1 and lock.objid = (hashtext($2)::bigint & 4294967295)::oid
         and lock.database = (select oid from pg_database where datname = current_database())
         and activity.usename = current_user and activity.pid <> pg_backend_pid()
         and activity.state_change < clock_timestamp() - $3::double precision * interval '1 ms'`,
      [LOCK_CLASS, name, frozenAfterMs],
    )
  }

  return {
    lost: lost.signal,
    async tryLock(name) {
      const [row] = await ask<{ locked: boolean }>(
        'select pg_try_advisory_lock($1, hashtext($2)) as locked',
        [LOCK_CLASS, name],
      )
      if (row?.locked !== true) await endFrozenHolder(name)
      return row?.locked === true
    },
    async unlock(name) {
      await ask('select pg_advisory_unlock($1, hashtext($2))', [LOCK_CLASS, name])
    },
    async close() {
      clearInterval(heartbeat)
      await client.end()
    },
  }
}
