import { type ChildProcess, spawn } from 'node:child_process'
import type { Binaries } from './binaries.ts'
import { isAlive } from './cluster-processes.ts'
import { serverUrl, waitForServer } from './connection.ts'
import { SERVER_ENVIRONMENT } from './create-cluster.ts'
import type { DataHome } from './data-home.ts'
import { freePort } from './free-port.ts'
import { EmbeddedPostgresError } from './postgres-errors.ts'
import type { ServerAccount } from './server-account.ts'
import { logTail, openLog } from './server-log.ts'

export type ServerSettings = Readonly<Record<string, string | number>>

/** Small and safe: a machine where somebody also works. Everything durable stays on. */
const DEFAULTS: ServerSettings = {
  listen_addresses: '127.0.0.1',
  // TCP serves every client; a socket path may be too long for the system (107 bytes on Linux).
  unix_socket_directories: '',
  shared_buffers: '64MB',
  max_connections: 100,
  max_wal_size: '512MB',
  timezone: 'UTC',
  log_timezone: 'UTC',
  log_line_prefix: '%m [%p] %d ',
}

/** Replaying the log after a crash may take a while; a server that hangs must still end. */
const READY_TIMEOUT_MS = 180_000
const PORT_ATTEMPTS = 5

export interface Launch {
  home: DataHome
  cluster: string
  binaries: Binaries
  account: ServerAccount | undefined
  password: string
  settings: ServerSettings
  /** Taken or refused; without it any free port will do. */
  port: number | undefined
  preferredPort: number | undefined
}

export interface Launched {
  readonly pid: number
  readonly port: number
}

async function spawnServer(launch: Launch, port: number): Promise<ChildProcess> {
  const { home, cluster, binaries, account, settings } = launch
  const options = Object.entries({ ...DEFAULTS, ...settings })
  const log = await openLog(home.logFile, account)
  try {
    const child = spawn(
      binaries.postgres,
      ['-D', cluster, '-p', String(port), ...options.flatMap(([k, v]) => ['-c', `${k}=${v}`])],
      {
        ...account,
        cwd: cluster,
        env: SERVER_ENVIRONMENT,
        // Its own session: Ctrl-C in a terminal must reach us alone, who stop the clients first.
        detached: true,
        stdio: ['ignore', log.fd, log.fd],
      },
    )
    await new Promise<void>((resolve, reject) => {
      child.once('spawn', resolve)
      child.once('error', reject)
    })
    child.unref()
    return child
  } finally {
    await log.close()
  }
}

async function tryPort(launch: Launch, port: number): Promise<Launched | undefined> {
  const child = await spawnServer(launch, port)
  const pid = child.pid ?? 0
  const deadlineMs = performance.now() + READY_TIMEOUT_MS
  const isOver = () => !isAlive(pid) || performance.now() > deadlineMs
  const ready = await waitForServer(serverUrl(port, launch.password), launch.cluster, isOver)
  if (!ready && isAlive(pid)) child.kill('SIGQUIT')
  return ready ? { pid, port } : undefined
}

/**
 * Starts the server and waits until it answers.
 * @throws EmbeddedPostgresError with the end of the server's log when it does not come up.
 */
export async function launchServer(launch: Launch): Promise<Launched> {
  for (let attempt = 1; ; attempt += 1) {
    const port = launch.port ?? (await freePort(launch.preferredPort))
    const launched = await tryPort(launch, port)
    if (launched) return launched
    const tail = await logTail(launch.home.logFile)
    const isPortTaken = /could not bind|Address already in use/i.test(tail)
    if (!isPortTaken || launch.port !== undefined || attempt === PORT_ATTEMPTS) {
      throw new EmbeddedPostgresError(
        `PostgreSQL did not start on port ${port}. The end of ${launch.home.logFile}:\n${tail}`,
      )
    }
  }
}
