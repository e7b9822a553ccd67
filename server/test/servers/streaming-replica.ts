import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { Client } from 'pg'
import { postgresPrograms } from './missing-server.ts'
import { runServer, type Server } from './run-server.ts'
import { unprivileged } from './server-account.ts'
import { serverFolder } from './server-folder.ts'
import { sparePort } from './spare-port.ts'

export interface ReplicaServer extends Server {
  /** The primary's own URL, on the replica. */
  readonly url: string
  /** Runs one statement there: `select pg_wal_replay_pause()`. */
  query(sql: string): Promise<unknown[]>
}

async function ask(url: string, sql: string): Promise<unknown[]> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 2_000 })
  client.on('error', () => undefined)
  await client.connect()
  try {
    const { rows } = await client.query({ text: sql, rowMode: 'array' })
    return rows.map((row: unknown[]) => row[0])
  } finally {
    await client.end()
  }
}

/** A streaming replica of a `startSystemPostgres`, copied with pg_basebackup; it answers reads. */
export async function startStreamingReplica(primaryUrl: string): Promise<ReplicaServer> {
  const programs = postgresPrograms() ?? ''
  const port = await sparePort()
  const account = unprivileged('postgres')
  const folder = serverFolder('replica', account)
  const data = join(folder, 'data')
  const source = new URL(primaryUrl)
  source.pathname = '/'
  await promisify(execFile)(
    join(programs, 'pg_basebackup'),
    ['-D', data, '-d', source.href, '-R', '-X', 'stream', '-c', 'fast', '--no-sync'],
    { cwd: folder, ...account },
  )
  const url = new URL(primaryUrl)
  url.port = String(port)
  const settings = {
    port: String(port),
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    // As on the primary, or more: a replica refuses to start with less.
    max_connections: '200',
    hot_standby: 'on',
  }
  const server = await runServer({
    name: 'replica',
    command: join(programs, 'postgres'),
    args: [
      '-D',
      data,
      ...Object.entries(settings).flatMap(([key, value]) => ['-c', `${key}=${value}`]),
    ],
    port,
    folder,
    account,
    endSignal: 'SIGINT',
    probe: async () => void (await ask(url.href, 'select 1')),
  })
  return Object.assign(server, { url: url.href, query: (sql: string) => ask(url.href, sql) })
}
