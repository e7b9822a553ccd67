import { chmod, mkdtemp, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { EmbeddedPostgresError } from './postgres-errors.ts'
import { usableRoot } from './private-roots.ts'
import { canReach, type ServerAccount } from './server-account.ts'

/** Where the data of one server lives. */
export interface DataHome {
  readonly directory: string
  readonly cluster: string
  readonly passwordFile: string
  readonly stateFile: string
  readonly logFile: string
  readonly lock: string
}

const POINTER = 'location.json'

export function dataHome(directory: string): DataHome {
  return {
    directory,
    cluster: join(directory, 'cluster'),
    passwordFile: join(directory, 'password'),
    stateFile: join(directory, 'state.json'),
    logFile: join(directory, 'server.log'),
    lock: join(directory, 'lock'),
  }
}

async function isDirectory(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isDirectory() ?? false
}

/** The folder used in place of `dataDir`, when an earlier start had to choose one. */
export async function movedTo(dataDir: string): Promise<string | undefined> {
  const text = await readFile(join(dataDir, POINTER), 'utf8').catch(() => '{}')
  const { directory } = JSON.parse(text) as { directory?: unknown }
  return typeof directory === 'string' && (await isDirectory(directory)) ? directory : undefined
}

interface Place {
  dataDir: string
  account: ServerAccount | undefined
  roots: readonly string[]
  log: (line: string) => void
}

/**
 * Settles where the data lives: in `dataDir`, unless the server's account cannot reach it (a
 * folder of mode 0700 on the way); then in a new folder elsewhere that `dataDir` points to.
 */
export async function settleDataHome({ dataDir, account, roots, log }: Place): Promise<DataHome> {
  if (!account) return dataHome(dataDir)
  // Entered, not listed: the server needs its own folder and nothing beside it.
  await chmod(dataDir, 0o711)
  if (await canReach(dataDir, account)) return dataHome(dataDir)

  // To go elsewhere now would look as if the data were lost.
  if (await isDirectory(dataHome(dataDir).cluster)) {
    throw new EmbeddedPostgresError(
      `The user that PostgreSQL runs as (uid ${account.uid}) can no longer reach the database in ${dataDir}. ` +
        'Let others enter the folders above it again (chmod o+x), or move the data and set DATA_DIR.',
    )
  }
  const root = await usableRoot(roots, account, dataDir)
  const directory = await mkdtemp(join(root, 'postgres-'))
  await chmod(directory, 0o711)
  const reason = `the user that PostgreSQL runs as (uid ${account.uid}) cannot reach ${dataDir}`
  await writeFile(
    join(dataDir, POINTER),
    `${JSON.stringify({ directory, reason }, undefined, 2)}\n`,
  )
  log(`The database is kept in ${directory}: ${reason}.`)
  return dataHome(directory)
}
