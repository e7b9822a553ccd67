import { chownSync, mkdtempSync, statfsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Account } from './server-account.ts'

const MEMORY = '/dev/shm'
/** What a server is given room for there; containers often have much less. */
const LEAST_MEMORY_BYTES = 2 ** 30

function memoryFolder(): string | undefined {
  try {
    const { bavail, bsize } = statfsSync(MEMORY)
    return bavail * bsize < LEAST_MEMORY_BYTES ? undefined : MEMORY
  } catch {
    return undefined
  }
}

/** A new folder that belongs to whom the server runs as; in memory where that is asked for and has room. */
export function serverFolder(
  name: string,
  account?: Account,
  { inMemory = false }: { inMemory?: boolean } = {},
): string {
  const parent = (inMemory ? memoryFolder() : undefined) ?? tmpdir()
  const folder = mkdtempSync(join(parent, `${name}-`))
  if (account !== undefined) chownSync(folder, account.uid, account.gid)
  return folder
}
