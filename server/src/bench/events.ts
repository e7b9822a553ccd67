import { type ChildProcess, fork } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { Client } from 'pg'
import { migrate } from '#platform/db'
import type { LoadOrder, LoadResult } from './events-load.ts'

/** One way to write events, under load. */
export interface Contest {
  name: string
  path: string
  eventsPerRequest: number
}

export const CONTESTS = {
  intake1: { name: 'intake, 1 event a request', path: '/analytics/events', eventsPerRequest: 1 },
  insert1: { name: 'INSERT, 1 event a request', path: '/bench/insert', eventsPerRequest: 1 },
  intake100: { name: 'intake, 100 events', path: '/analytics/events', eventsPerRequest: 100 },
  copy100: { name: 'COPY, 100 events', path: '/bench/copy', eventsPerRequest: 100 },
} as const satisfies Record<string, Contest>

export type ContestName = keyof typeof CONTESTS

export interface RoundResult extends LoadResult {
  contest: ContestName
  eventsPerSecond: number
}

export interface BenchOptions {
  /** Of a database that holds nothing: it is migrated and filled. */
  databaseUrl: string
  rounds: number
  measureMs: number
  connections: number
  onRound?: (result: RoundResult) => void
}

export interface BenchResult {
  rounds: RoundResult[]
  /** Events that the intake has acknowledged, and those that are stored with a key. */
  acknowledged: number
  kept: number
}

const WARM_UP_MS = 500
const CHILD = { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] } as const

const secret = () => randomBytes(32).toString('base64')

async function messageOf<T>(child: ChildProcess): Promise<T> {
  const { promise, resolve: give, reject } = Promise.withResolvers<T>()
  const end = () => reject(new Error('a process of the benchmark has ended'))
  child.once('message', (message) => give(message as T)).once('exit', end)
  return promise.finally(() => child.off('exit', end))
}

/** Its log goes nowhere, but is written. */
const startService = (databaseUrl: string): ChildProcess =>
  fork(resolve(import.meta.dirname, 'events-server.ts'), {
    ...CHILD,
    stdio: [...CHILD.stdio],
    env: {
      DATABASE_URL: databaseUrl,
      APP_SECRET: secret(),
      TOKEN_ENCRYPTION_KEYS: `bench:${secret()}`,
      DATA_DIR: join(tmpdir(), `bench-events-${process.pid}`),
      NODE_ENV: 'production',
    },
  })

/** Lets the contests run in turn, several times: what disturbs the machine disturbs all of them. */
export async function benchEvents(options: BenchOptions): Promise<BenchResult> {
  const { databaseUrl, rounds, measureMs, connections, onRound } = options
  await migrate(databaseUrl)
  const service = startService(databaseUrl)
  const clients = fork(resolve(import.meta.dirname, 'events-load.ts'), {
    stdio: [...CHILD.stdio],
  })
  try {
    const { port, tokens } = await messageOf<{ port: number; tokens: string[] }>(service)
    const results: RoundResult[] = []
    for (let round = 0; round < rounds; round += 1) {
      for (const contest of Object.keys(CONTESTS) as ContestName[]) {
        const { path, eventsPerRequest } = CONTESTS[contest]
        const order: LoadOrder = {
          port,
          path,
          tokens,
          connections,
          eventsPerRequest,
          warmUpMs: WARM_UP_MS,
          measureMs,
          orderNumber: results.length,
        }
        clients.send(order)
        const load = await messageOf<LoadResult>(clients)
        const eventsPerSecond = (load.requests * eventsPerRequest) / (load.durationMs / 1000)
        const result = { ...load, contest, eventsPerSecond }
        results.push(result)
        onRound?.(result)
      }
    }
    const acknowledged = results
      .filter(({ contest }) => contest.startsWith('intake'))
      .reduce((sum, { acknowledged: events }) => sum + events, 0)
    return { rounds: results, acknowledged, kept: await countKeys(databaseUrl) }
  } finally {
    clients.kill()
    service.send('stop')
    await once(service, 'exit')
  }
}

async function countKeys(databaseUrl: string): Promise<number> {
  const client = new Client({ connectionString: databaseUrl })
  await client.connect()
  try {
    const { rows } = await client.query<{ count: string }>(
      'select count(*) from analytics_event join analytics_event_key using (id)',
    )
    return Number(rows[0]?.count)
  } finally {
    await client.end()
  }
}
