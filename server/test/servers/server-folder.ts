import { chownSync, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Account } from './server-account.ts'

/** A new folder that belongs to whom the server runs as. */
export function serverFolder(name: string, account?: Account): string {
  const folder = mkdtempSync(join(tmpdir(), `${name}-`))
  if (account !== undefined) chownSync(folder, account.uid, account.gid)
  return folder
}
