import { mkdir, readFile, realpath, rename, writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { acquireProcessLock } from '#platform/process-lock'
import { findBinaries } from './binaries.ts'
import { isAlive, recordedPort, runningPid } from './cluster-processes.ts'
import { ensureDatabases, serverUrl, waitForServer } from './connection.ts'
import { ensureCluster, readPassword } from './create-cluster.ts'
import { type DataHome, dataHome, movedTo, settleDataHome } from './data-home.ts'
import { type Launch, type Launched, launchServer, type ServerSettings } from './launch-server.ts'
import { guardServer } from './parent-guard.ts'
import { PostgresInUseError } from './postgres-errors.ts'
import { DURABLE_ROOTS } from './private-roots.ts'
import { serverAccount } from './server-account.ts'
import { clearRemains, stopServer } from './stop-server.ts'

export interface EmbeddedPostgresOptions {
  /** Made when missing; everything of the server is kept in it. */
  dataDir: string
  /** On 127.0.0.1. Without it: the last start's port when free, else any free one. */
  port?: number
  /** Created when missing. */
  databases?: readonly string[]
  /** Server settings (`fsync: 'off'`), over small and durable defaults. */
  settings?: ServerSettings
  /** Where to keep the data when a process of root cannot share `dataDir` with the server's user. */
  fallbackRoots?: readonly string[]
  /** Told, a line at a time, what an operator should know. */
  log?: (line: string) => void
}

export interface EmbeddedPostgres {
  /** Of the maintenance database, as superuser. */
  readonly url: string
  readonly urlFor: (database: string) => string
  /** Where the data really is; see `fallbackRoots`. */
  readonly dataDir: string
  readonly logFile: string
  readonly port: number
  readonly pid: number
  /** True when a server that outlived its starter was taken over, not started. */
  readonly adopted: boolean
  isRunning(): boolean
  /** Ends sessions, writes a checkpoint and waits for the end; `hasty` skips the checkpoint. */
  stop(options?: { hasty?: boolean }): Promise<void>
}

interface ServerState {
  port?: number
  settings?: ServerSettings
}

/** A running server that does not answer for this long is stopped rather than adopted. */
const ADOPTION_TIMEOUT_MS = 10_000

async function readState(home: DataHome): Promise<ServerState> {
  try {
    return JSON.parse(await readFile(home.stateFile, 'utf8')) as ServerState
  } catch {
    // Only a convenience: without it the port may change.
    return {}
  }
}

async function writeState(home: DataHome, state: ServerState): Promise<void> {
  const draft = `${home.stateFile}.new`
  await writeFile(draft, `${JSON.stringify(state, undefined, 2)}\n`)
  await rename(draft, home.stateFile)
}

/** Takes over a server left running by a killed starter, if it is as wanted; else stops it. */
async function adopt(launch: Launch, state: ServerState): Promise<Launched | undefined> {
  const pid = runningPid(launch.cluster)
  if (pid === undefined) return undefined
  const port = recordedPort(launch.cluster) ?? state.port ?? 0
  const deadlineMs = performance.now() + ADOPTION_TIMEOUT_MS
  const isOver = () => !isAlive(pid) || performance.now() > deadlineMs
  const isWanted =
    JSON.stringify(state.settings) === JSON.stringify(launch.settings) &&
    (launch.port === undefined || launch.port === port)
  const url = serverUrl(port, launch.password)
  if (isWanted && (await waitForServer(url, launch.cluster, isOver))) return { pid, port }
  await stopServer(pid)
  return undefined
}

async function bringUp(home: DataHome, options: EmbeddedPostgresOptions) {
  const account = await serverAccount(home.cluster)
  const binaries = await findBinaries(account)
  await ensureCluster(home, binaries, account)

  const state = await readState(home)
  const launch: Launch = {
    home,
    binaries,
    account,
    cluster: await realpath(home.cluster),
    password: await readPassword(home),
    settings: options.settings ?? {},
    port: options.port,
    preferredPort: state.port,
  }
  const adopted = await adopt(launch, state)
  if (!adopted) await clearRemains(launch.cluster)
  const server = adopted ?? (await launchServer(launch))
  const guard = guardServer(server.pid)
  const urlFor = (database?: string) => serverUrl(server.port, launch.password, database)
  try {
    await writeState(home, { port: server.port, settings: launch.settings })
    await ensureDatabases(urlFor(), options.databases ?? [])
  } catch (error) {
    guard.release()
    await stopServer(server.pid)
    throw error
  }
  return { server, guard, urlFor, adopted: adopted !== undefined }
}

/**
 * Runs the server whose data is in `dataDir`, making it first if need be, until `stop`.
 * If this process is killed the server is stopped too (see `parent-guard.ts`); one that is found
 * running all the same is adopted when its settings are the wanted ones, and restarted otherwise.
 * @throws PostgresInUseError while another process runs it, EmbeddedPostgresError if it cannot run.
 */
export async function startEmbeddedPostgres(
  options: EmbeddedPostgresOptions,
): Promise<EmbeddedPostgres> {
  const dataDir = resolve(options.dataDir)
  await mkdir(dataDir, { recursive: true })
  const lock = await acquireProcessLock(dataHome(dataDir).lock)
  if (!lock.acquired) throw new PostgresInUseError(dataDir, lock.owner.pid)
  try {
    const moved = await movedTo(dataDir)
    const home = moved
      ? dataHome(moved)
      : await settleDataHome({
          dataDir,
          account: await serverAccount(dataHome(dataDir).cluster),
          roots: options.fallbackRoots ?? DURABLE_ROOTS,
          log: options.log ?? (() => undefined),
        })
    const { server, guard, urlFor, adopted } = await bringUp(home, options)
    return {
      ...server,
      url: urlFor(),
      urlFor,
      dataDir: home.directory,
      logFile: home.logFile,
      adopted,
      isRunning: () => isAlive(server.pid),
      async stop(how) {
        guard.release()
        await stopServer(server.pid, how)
        await lock.release()
      },
    }
  } catch (error) {
    await lock.release()
    throw error
  }
}
