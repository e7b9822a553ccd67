import { Counter, Gauge, type Registry } from 'prom-client'
import type { PoolState } from './pool.ts'
import type { ServerActivity } from './server-activity.ts'

/** Which of the two servers: the one that takes writes, or its copy. */
export type ServerRole = 'primary' | 'replica'

export interface DatabaseSources {
  pools: Partial<Record<ServerRole, () => PoolState>>
  /** Asked at a scrape, once in a few seconds at most. */
  activity: () => Promise<ServerActivity>
  /** Seconds; undefined while it is not known. */
  replicaLag?: () => number | undefined
}

/** Beyond it a scrape does without: it must answer while the database does not. */
const ACTIVITY_TIMEOUT_MS = 1_000
const ACTIVITY_TTL_MS = 5_000

function recent(read: () => Promise<ServerActivity>): () => Promise<ServerActivity | undefined> {
  let last: { atMs: number; value: Promise<ServerActivity | undefined> } | undefined
  return () => {
    if (last === undefined || performance.now() - last.atMs > ACTIVITY_TTL_MS) {
      last = { atMs: performance.now(), value: read().catch(() => undefined) }
    }
    const { promise: late, resolve } = Promise.withResolvers<undefined>()
    const timer = setTimeout(() => resolve(undefined), ACTIVITY_TIMEOUT_MS)
    return Promise.race([last.value, late]).finally(() => clearTimeout(timer))
  }
}

/** What is counted of the database. `expose` adds what is read at each scrape. */
export function databaseMetrics(registry: Registry) {
  const registers = [registry]
  return {
    slowQueries: new Counter({
      name: 'db_slow_queries_total',
      help: 'Statements that took longer than DATABASE_SLOW_QUERY_MS.',
      labelNames: ['server'] as const,
      registers,
    }),
    reads: new Counter({
      name: 'db_replica_reads_total',
      help: 'Reads that may be a little old, by the server that answered them.',
      labelNames: ['server'] as const,
      registers,
    }),
    expose: (sources: DatabaseSources) => exposeGauges(registers, sources),
  }
}

function exposeGauges(
  registers: Registry[],
  { pools, activity, replicaLag }: DatabaseSources,
): void {
  const states = () => Object.entries(pools).map(([server, read]) => ({ server, ...read() }))
  new Gauge({
    name: 'db_pool_connections',
    help: 'Connections of this process, by what they do; max is how many there may be.',
    labelNames: ['server', 'state'] as const,
    registers,
    collect() {
      for (const { server, inUse, idle, max } of states()) {
        this.set({ server, state: 'in_use' }, inUse)
        this.set({ server, state: 'idle' }, idle)
        this.set({ server, state: 'max' }, max)
      }
    },
  })
  new Gauge({
    name: 'db_pool_waiting',
    help: 'Callers in this process that wait for a connection.',
    labelNames: ['server'] as const,
    registers,
    collect() {
      for (const { server, waiting } of states()) this.set({ server }, waiting)
    },
  })
  exposeActivity(registers, recent(activity))
  if (replicaLag === undefined) return
  new Gauge({
    name: 'db_replica_lag_seconds',
    help: 'How old what the replica shows may be at most; absent while it is not known.',
    registers,
    collect() {
      const seconds = replicaLag()
      if (seconds === undefined) this.remove()
      else this.set(seconds)
    },
  })
}

function exposeActivity(
  registers: Registry[],
  activity: () => Promise<ServerActivity | undefined>,
): void {
  new Gauge({
    name: 'db_server_connections',
    help: 'Connections to the database from everywhere, by what they do.',
    labelNames: ['state'] as const,
    registers,
    async collect() {
      const now = await activity()
      this.reset()
      if (now === undefined) return
      this.set({ state: 'active' }, now.active)
      this.set({ state: 'idle' }, now.idle)
      this.set({ state: 'idle_in_transaction' }, now.idleInTransaction)
    },
  })
  new Gauge({
    name: 'db_lock_waits',
    help: 'Sessions that wait for a lock.',
    registers,
    async collect() {
      const now = await activity()
      if (now === undefined) this.remove()
      else this.set(now.lockWaits)
    },
  })
}
