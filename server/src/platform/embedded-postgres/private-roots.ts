import { chmod, lstat, mkdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { EmbeddedPostgresError } from './postgres-errors.ts'
import { canReach, type ServerAccount } from './server-account.ts'

const GROUP_OR_OTHER_WRITE = 0o022

/** Folders that every account can reach, best first: they survive a restart of the machine. */
export const DURABLE_ROOTS: readonly string[] = [
  '/var/lib/music-language',
  '/var/tmp/music-language',
]

/** Folders for what may be lost at any time. */
export function temporaryRoots(): string[] {
  return [join(tmpdir(), 'music-language'), '/tmp/music-language', '/var/tmp/music-language']
}

async function isUsable(root: string, account: ServerAccount): Promise<boolean> {
  try {
    await mkdir(root, { recursive: true })
    const entry = await lstat(root)
    // In a shared folder such as /tmp anybody could have put this name here first.
    if (!entry.isDirectory() || entry.uid !== process.getuid?.()) return false
    if ((entry.mode & GROUP_OR_OTHER_WRITE) !== 0) return false
    await chmod(root, 0o755)
    return await canReach(root, account)
  } catch {
    return false
  }
}

/**
 * The first of the roots that this process may write and the account may reach.
 * @throws EmbeddedPostgresError when there is none.
 */
export async function usableRoot(
  roots: readonly string[],
  account: ServerAccount,
  purpose: string,
): Promise<string> {
  for (const root of roots) {
    if (await isUsable(root, account)) return root
  }
  throw new EmbeddedPostgresError(
    `PostgreSQL does not run as root, and the user it runs as (uid ${account.uid}) cannot reach ${purpose}. ` +
      `None of ${roots.join(', ')} is usable instead. ` +
      'Run as an ordinary user, or keep the project and DATA_DIR in folders that others may enter (chmod o+x), or set DATABASE_URL.',
  )
}
