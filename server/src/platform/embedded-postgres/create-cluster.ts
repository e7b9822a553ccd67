import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { chown, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { errorCode } from '#platform/errors'
import type { Binaries } from './binaries.ts'
import type { DataHome } from './data-home.ts'
import { EmbeddedPostgresError } from './postgres-errors.ts'
import type { ServerAccount } from './server-account.ts'

export const SUPERUSER = 'music_language'

/**
 * Character classes come from here for extensions that ask the C library (pg_trgm would drop every
 * letter beyond ASCII under `C`); not every system has the first.
 */
const CTYPES = ['C.UTF-8', 'en_US.UTF-8', 'C']
const DRAFT_PREFIX = 'cluster.new-'
const PASSWORD_BYTES = 24

/** Variables of the caller, such as PGDATA or LD_LIBRARY_PATH, must not reach the server. */
export const SERVER_ENVIRONMENT = { PATH: '/usr/local/bin:/usr/bin:/bin', LC_ALL: 'C' }

async function clusterVersion(cluster: string): Promise<string | undefined> {
  try {
    return (await readFile(join(cluster, 'PG_VERSION'), 'utf8')).trim()
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined
    throw error
  }
}

/** The superuser's password; made once, readable by this process's user alone. */
export async function readPassword(home: DataHome): Promise<string> {
  return (await readFile(home.passwordFile, 'utf8')).trim()
}

function initdbArgs(directory: string, passwordFile: string, ctype: string): string[] {
  return [
    `--pgdata=${directory}`,
    `--username=${SUPERUSER}`,
    `--pwfile=${passwordFile}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    // The same order and case rules on every system, whatever its C library.
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    '--locale=C',
    `--lc-ctype=${ctype}`,
    '--text-search-config=simple',
    '--no-instructions',
  ]
}

interface Run {
  command: string
  args: string[]
  account: ServerAccount | undefined
}

async function run({ command, args, account }: Run): Promise<{ code: number; output: string }> {
  const child = spawn(command, args, {
    ...account,
    cwd: '/',
    env: SERVER_ENVIRONMENT,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const code = new Promise<number>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (status) => resolve(status ?? 1))
  })
  const [status, stdout, stderr] = await Promise.all([code, text(child.stdout), text(child.stderr)])
  return { code: status, output: `${stdout}${stderr}`.trim() }
}

async function removeDrafts(home: DataHome): Promise<void> {
  const drafts = (await readdir(home.directory)).filter((name) => name.startsWith(DRAFT_PREFIX))
  for (const draft of drafts) {
    // An initdb that outlived its killed parent may still be writing there.
    await rm(join(home.directory, draft), { recursive: true, force: true, maxRetries: 10 })
  }
}

async function initialise(
  home: DataHome,
  binaries: Binaries,
  account: ServerAccount | undefined,
  password: string,
): Promise<void> {
  let output = ''
  for (const ctype of CTYPES) {
    const draft = join(home.directory, `${DRAFT_PREFIX}${randomBytes(4).toString('hex')}`)
    const passwordFile = `${draft}.password`
    await mkdir(draft, { mode: 0o700 })
    await writeFile(passwordFile, password, { mode: 0o600 })
    if (account) await chown(draft, account.uid, account.gid)
    if (account) await chown(passwordFile, account.uid, account.gid)

    const args = initdbArgs(draft, passwordFile, ctype)
    const result = await run({ command: binaries.initdb, args, account })
    await rm(passwordFile)
    if (result.code === 0) return rename(draft, home.cluster)
    output = result.output
    if (!/locale/i.test(output)) break
  }
  throw new EmbeddedPostgresError(`The database could not be created:\n${output}`)
}

function requireVersion(home: DataHome, version: string, wanted: string): void {
  if (version === wanted) return
  throw new EmbeddedPostgresError(
    `The data in ${home.cluster} was written by PostgreSQL ${version}, and this is PostgreSQL ${wanted}. ` +
      `Dump it with version ${version} and load it into a new data folder (DATA_DIR), or move the old one away to start empty.`,
  )
}

/** A folder with content but without PG_VERSION is a damaged cluster, and somebody's data. */
async function requireEmpty(cluster: string): Promise<void> {
  const content = await readdir(cluster).catch(() => [])
  if (content.length === 0) return
  throw new EmbeddedPostgresError(
    `${cluster} holds files but no usable database. Restore it from a backup, or move it away to start empty.`,
  )
}

/**
 * Creates the cluster unless there is one. It is built under another name and renamed when it is
 * whole, so that a start which was cut short leaves nothing that looks like a cluster.
 */
export async function ensureCluster(
  home: DataHome,
  binaries: Binaries,
  account: ServerAccount | undefined,
): Promise<void> {
  await removeDrafts(home)
  const version = await clusterVersion(home.cluster)
  if (version !== undefined) return requireVersion(home, version, binaries.majorVersion)
  await requireEmpty(home.cluster)
  const password = randomBytes(PASSWORD_BYTES).toString('base64url')
  // First the password, then the cluster: one without the other cannot be used.
  await writeFile(home.passwordFile, `${password}\n`, { mode: 0o600 })
  await initialise(home, binaries, account, password)
}
