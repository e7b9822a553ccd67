import { chown, type FileHandle, open, readFile, rename, stat } from 'node:fs/promises'
import type { ServerAccount } from './server-account.ts'

const ROTATE_ABOVE_BYTES = 10_000_000
const TAIL_LINES = 12

/** Opens the server's log for appending; a big one is first put aside as `.1`. */
export async function openLog(
  path: string,
  account: ServerAccount | undefined,
): Promise<FileHandle> {
  const size = await stat(path).then(
    (entry) => entry.size,
    () => 0,
  )
  if (size > ROTATE_ABOVE_BYTES) await rename(path, `${path}.1`)
  const handle = await open(path, 'a', 0o600)
  if (account) await chown(path, account.uid, account.gid)
  return handle
}

/** The log's last lines, for a message that says why the server did not start. */
export async function logTail(path: string): Promise<string> {
  const text = await readFile(path, 'utf8').catch(() => '')
  return text.trimEnd().split('\n').slice(-TAIL_LINES).join('\n')
}
