import { readFile, realpath, stat } from 'node:fs/promises'
import { dirname } from 'node:path'

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
 */
export async function serverAccount(cluster: string): Promise<ServerAccount | undefined> {
  if (process.getuid?.() !== 0) return undefined
  const owner = await stat(cluster).catch(() => undefined)
  if (owner && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid }
  return nobody()
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
