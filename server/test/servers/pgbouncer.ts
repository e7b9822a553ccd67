import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { programPath } from './missing-server.ts'
import { portAnswers } from './port-answers.ts'
import { runServer, type Server } from './run-server.ts'
import { unprivileged } from './server-account.ts'
import { serverFolder } from './server-folder.ts'
import { sparePort } from './spare-port.ts'

export interface PgBouncerServer extends Server {
  /** The target's own address, by way of the pooler. */
  readonly url: string
}

const quoted = (value: string): string => `"${value.replaceAll('"', '""')}"`

/** PgBouncer in transaction mode before the PostgreSQL of this URL. */
export async function startPgBouncer(
  target: string,
  settings: Readonly<Record<string, string>> = {},
): Promise<PgBouncerServer> {
  const port = await sparePort()
  const account = unprivileged('nobody')
  const folder = serverFolder('pgbouncer', account)
  const url = new URL(target)
  const users = join(folder, 'users.txt')
  await writeFile(users, `${quoted(url.username)} ${quoted(decodeURIComponent(url.password))}\n`)
  const options = {
    listen_addr: '127.0.0.1',
    listen_port: String(port),
    unix_socket_dir: '',
    auth_type: 'trust',
    auth_file: users,
    pool_mode: 'transaction',
    default_pool_size: '20',
    max_client_conn: '500',
    ignore_startup_parameters: 'extra_float_digits',
    ...settings,
  }
  const file = join(folder, 'pgbouncer.ini')
  const lines = Object.entries(options).map(([name, value]) => `${name} = ${value}`)
  await writeFile(
    file,
    `[databases]\n* = host=${url.hostname} port=${url.port}\n[pgbouncer]\n${lines.join('\n')}\n`,
  )
  const server = await runServer({
    name: 'pgbouncer',
    command: programPath('pgbouncer') ?? 'pgbouncer',
    args: [file],
    port,
    folder,
    account,
    endSignal: 'SIGINT',
    probe: () => portAnswers(port),
  })
  url.hostname = '127.0.0.1'
  url.port = String(port)
  return Object.assign(server, { url: url.href })
}
