import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { Client } from 'pg'
import { postgresPrograms } from './missing-server.ts'
import { runServer, type Server } from './run-server.ts'
import { unprivileged } from './server-account.ts'
import { serverFolder } from './server-folder.ts'
import { sparePort } from './spare-port.ts'

export interface PostgresServer extends Server {
  /** Of the superuser, to the database `postgres`. */
  readonly url: string
  /** `pg_ctl -m immediate`, then a start: what a crash is to its clients, recovery included. */
  immediateRestart(): Promise<void>
  /** Makes an empty database and gives its URL. */
  createDatabase(name: string): Promise<string>
}

export interface PostgresOptions {
  /** Whether commits wait for the disk. Default true: what is proved is durability. */
  fsync?: boolean
  /**
   * Its data in memory, which outlives every end of a process but no loss of power. A crash is over
   * sooner: recovery asks the disk about each file.
   */
  inMemory?: boolean
  /** As in postgresql.conf. */
  settings?: Readonly<Record<string, string>>
}

async function query(url: string, sql: string): Promise<void> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 2_000 })
  client.on('error', () => undefined)
  await client.connect()
  try {
    await client.query(sql)
  } finally {
    await client.end()
  }
}

/** Debian's PostgreSQL, a cluster of its own. */
export async function startSystemPostgres(options: PostgresOptions = {}): Promise<PostgresServer> {
  const programs = postgresPrograms() ?? ''
  const port = await sparePort()
  const account = unprivileged('postgres')
  const { inMemory = false } = options
  const folder = serverFolder('postgres', account, { inMemory })
  const data = join(folder, 'data')
  await promisify(execFile)(
    join(programs, 'initdb'),
    ['-D', data, '-U', 'test', '--auth=trust', '-E', 'UTF8', '--locale=C.UTF-8', '--no-sync'],
    { cwd: folder, ...account },
  )
  const url = `postgres://test@127.0.0.1:${port}/postgres`
  const settings = {
    port: String(port),
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: '200',
    fsync: options.fsync === false ? 'off' : 'on',
    ...options.settings,
  }
  const server = await runServer({
    name: 'postgres',
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
    probe: () => query(url, 'select 1'),
  })
  return Object.assign(server, {
    url,
    async immediateRestart() {
      await server.shutDown('SIGQUIT')
      await server.start()
    },
    async createDatabase(name: string) {
      await query(url, `create database ${name}`)
      return url.replace(/postgres$/, name)
    },
  })
}
