import { chmod, mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { canReach } from './server-account.ts'

const STRANGER = { uid: 65_534, gid: 65_534 }

it('denies a folder below one that strangers may not enter, and allows one below open ones', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'server-account-'))
  const inner = join(folder, 'inner')
  await mkdir(inner)
  await chmod(inner, 0o755)
  try {
    await chmod(folder, 0o700)
    expect(await canReach(inner, STRANGER)).toBe(false)
    await chmod(folder, 0o711)
    expect(await canReach(inner, STRANGER)).toBe(true)
  } finally {
    await rm(folder, { recursive: true })
  }
})
