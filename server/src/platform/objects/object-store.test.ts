import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { fileObjectStore } from './object-store.ts'

describe('fileObjectStore', () => {
  let dataDir: string
  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'objects-'))
  })
  afterEach(() => rm(dataDir, { recursive: true }))

  const content = new TextEncoder().encode('weights')

  it('gives back what was put and leaves nothing half-written behind', async () => {
    const store = fileObjectStore({ dataDir })
    const stored = await store.put('models/m/1.bin', content)
    expect(stored.sizeBytes).toBe(content.byteLength)
    expect(await store.get(stored.key, stored.sha256)).toEqual(content)
    expect(await readdir(join(dataDir, 'objects/models/m'))).toEqual(['1.bin'])
  })

  it('takes the same object from several writers at once', async () => {
    const store = fileObjectStore({ dataDir })
    const puts = Array.from({ length: 8 }, () => store.put('models/m/1.bin', content))
    const [stored] = await Promise.all(puts)
    expect(await store.get('models/m/1.bin', stored?.sha256 ?? '')).toEqual(content)
  })

  it('refuses an object whose bytes have changed', async () => {
    const store = fileObjectStore({ dataDir })
    const stored = await store.put('models/m/1.bin', content)
    await writeFile(join(dataDir, 'objects', stored.key), 'weighty')
    await expect(store.get(stored.key, stored.sha256)).rejects.toThrow('corrupt')
  })

  it('refuses a missing object and a name outside its folder', async () => {
    const store = fileObjectStore({ dataDir })
    await expect(store.get('models/none', 'ab')).rejects.toThrow()
    await expect(store.put('../escape', content)).rejects.toThrow()
  })
})
