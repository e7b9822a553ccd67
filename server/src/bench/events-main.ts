/**
 * Measures how many events the service takes, durably:
 *   node server/src/bench/events-main.ts [--database-url URL] [--rounds 3] [--seconds 3]
 *     [--connections 64]
 * URL leads to any database of a PostgreSQL server, in which a database is made and dropped; without
 * it the embedded server is started in a temporary folder. Clients, service and server share the
 * machine. The contests take turns; what counts is how they compare.
 */
import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { Client } from 'pg'
import { startEmbeddedPostgres } from '#platform/embedded-postgres'
import { benchEvents } from './events.ts'
import { reportLine, reportText } from './events-report.ts'

const print = (text: string) => process.stdout.write(`${text}\n`)

async function withServer<T>(url: string | undefined, work: (url: string) => Promise<T>) {
  if (url !== undefined) return work(url)
  const dataDir = await mkdtemp(join(tmpdir(), 'bench-events-'))
  const server = await startEmbeddedPostgres({ dataDir })
  try {
    return await work(server.url)
  } finally {
    await server.stop({ hasty: true })
    await rm(dataDir, { recursive: true, force: true })
    await rm(server.dataDir, { recursive: true, force: true })
  }
}

async function withDatabase<T>(serverUrl: string, work: (url: string) => Promise<T>): Promise<T> {
  const name = `bench_events_${randomBytes(4).toString('hex')}`
  const admin = new Client({ connectionString: serverUrl })
  await admin.connect()
  await admin.query(`create database ${name}`)
  try {
    const { rows } = await admin.query<{ version: string; fsync: string; commit: string }>(
      `select version(), current_setting('fsync') as fsync,
         current_setting('synchronous_commit') as commit`,
    )
    print(`${rows[0]?.version}\nfsync ${rows[0]?.fsync}, synchronous_commit ${rows[0]?.commit}\n`)
    const url = new URL(serverUrl)
    url.pathname = `/${name}`
    return await work(url.href)
  } finally {
    await admin.query(`drop database ${name} with (force)`)
    await admin.end()
  }
}

const { values } = parseArgs({
  options: {
    'database-url': { type: 'string' },
    rounds: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '3' },
    connections: { type: 'string', default: '64' },
  },
})

await withServer(values['database-url'], (serverUrl) =>
  withDatabase(serverUrl, async (databaseUrl) => {
    const result = await benchEvents({
      databaseUrl,
      rounds: Number(values.rounds),
      measureMs: Number(values.seconds) * 1000,
      connections: Number(values.connections),
      onRound: (round) => print(reportLine(round)),
    })
    print(reportText(result))
  }),
)
