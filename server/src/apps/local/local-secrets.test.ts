import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { LocalRunError } from './local-errors.ts'
import { loadSecrets } from './local-secrets.ts'

let folder: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'local-secrets-'))
})

afterEach(async () => {
  await rm(folder, { recursive: true })
})

describe('loadSecrets', () => {
  it('makes secrets once, for the owner alone', async () => {
    const first = await loadSecrets(folder)
    const file = await stat(join(folder, 'secrets.json'))

    expect(await loadSecrets(folder)).toEqual(first)
    expect(file.mode & 0o777).toBe(0o600)
    expect(Buffer.from(first.APP_SECRET, 'base64')).toHaveLength(32)
    const [, key = ''] = first.TOKEN_ENCRYPTION_KEYS.split(':')
    expect(Buffer.from(key, 'base64')).toHaveLength(32)
  })

  it('adds what an older file lacks and keeps what it has', async () => {
    await writeFile(join(folder, 'secrets.json'), JSON.stringify({ APP_SECRET: 'kept' }))
    const secrets = await loadSecrets(folder)

    expect(secrets.APP_SECRET).toBe('kept')
    expect(await loadSecrets(folder)).toEqual(secrets)
  })

  it('refuses to replace a damaged file', async () => {
    await writeFile(join(folder, 'secrets.json'), '{"APP_SECRET":')

    await expect(loadSecrets(folder)).rejects.toThrow(LocalRunError)
  })
})
