import { readFile, realpath, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { EmbeddedPostgresError } from './postgres-errors.ts'

/** Whom the server runs as. PostgreSQL refuses to run as root. */
export interface ServerAccount {
  readonly uid: number
  readonly gid: number
}

/** What `nobody` is where /etc/passwd does not say. */
const NOBODY: ServerAccount = { uid: 65_534, gid: 65_534 }

const OTHER_EXECUTE = 0o001
const GROUP_EXECUTE = 0o010
const OWNER_EXECUTE = 0o100

async function nobody(): Promise<ServerAccount> {
  const passwd = await readFile('/etc/passwd', 'utf8').catch(() => '')
  const fields = passwd
    .split('\n')
    .find((line) => line.startsWith('nobody:'))
    ?.split(':')
  const uid = Number(fields?.[2])
  const gid = Number(fields?.[3])
  return uid > 0 && gid > 0 ? { uid, gid } : NOBODY
}

/**
 * The account to drop to, or undefined when this process is unprivileged and simply runs the server.
 * A cluster that exists keeps its owner, so that `sudo` once does not lock its user out for good.
 * @throws EmbeddedPostgresError when the cluster is another user's.
 */
export async function serverAccount(cluster: string): Promise<ServerAccount | undefined> {
  const own = process.getuid?.()
  const owner = await stat(cluster).catch(() => undefined)
  if (own === 0) return owner && owner.uid !== 0 ? { uid: owner.uid, gid: owner.gid } : nobody()
  if (own !== undefined && owner && owner.uid !== own) {
    throw new EmbeddedPostgresError(
      `The database in ${cluster} belongs to another user (uid ${owner.uid}). ` +
        'Run as that user or as root, or choose another data folder with DATA_DIR.',
    )
  }
  return undefined
}

function mayEnter(mode: number, owner: ServerAccount, account: ServerAccount): boolean {
  if (owner.uid === account.uid) return (mode & OWNER_EXECUTE) !== 0
  if (owner.gid === account.gid) return (mode & GROUP_EXECUTE) !== 0
  return (mode & OTHER_EXECUTE) !== 0
}

/** Whether the account may pass through every folder down to and including `path`. */
export async function canReach(path: string, account: ServerAccount): Promise<boolean> {
  let current = await realpath(path)
  for (;;) {
    const entry = await stat(current)
    if (!mayEnter(entry.mode, entry, account)) return false
    const parent = dirname(current)
    if (parent === current) return true
    current = parent
  }
}
