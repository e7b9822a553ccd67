import { mkdir, mkdtemp, readdir, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { promisesAmongRivals, promisesOfAStore } from './object-store.contract.ts'
import { objectStore } from './open-store.ts'

const content = new TextEncoder().encode('weights')

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'objects-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const openStore = () => objectStore({ kind: 'files', folder })

describe('a store on files', () => {
  describe('as every store', () => {
    const open = async () => {
      const own = await mkdtemp(join(tmpdir(), 'objects-contract-'))
      const store = objectStore({ kind: 'files', folder: own })
      return { store, spoil: (key: string, bytes: Uint8Array) => writeFile(join(own, key), bytes) }
    }
    promisesOfAStore(open)
    promisesAmongRivals(open)
  })

  it('leaves nothing half-written behind, and nothing that others may read', async () => {
    await openStore().put('models/m/1.bin', content)
    expect(await readdir(join(folder, 'models/m'))).toEqual(['1.bin'])
    expect(await readdir(join(folder, '.partial'))).toEqual([])
    expect((await stat(join(folder, 'models/m/1.bin'))).mode & 0o077).toBe(0)
  })

  it('removes what a crash left half-written a day ago, not what is being written', async () => {
    await mkdir(join(folder, '.partial'))
    await writeFile(join(folder, '.partial/old'), content)
    await writeFile(join(folder, '.partial/new'), content)
    const yesterday = new Date(Date.now() - 90_000_000)
    await utimes(join(folder, '.partial/old'), yesterday, yesterday)
    await openStore().put('exports/x', content)
    expect(await readdir(join(folder, '.partial'))).toEqual(['new'])
  })

  it('is unavailable, and keeps no rest, where a file stands in the way', async () => {
    await openStore().put('exports/x', content)
    const inTheWay = openStore().put('exports/x/y', content)
    await expect(inTheWay).rejects.toMatchObject({ name: 'ObjectError', fault: 'unavailable' })
    expect(await readdir(join(folder, '.partial'))).toEqual([])
  })

  it('works again once its folder can be made', async () => {
    await rm(folder, { recursive: true })
    await writeFile(folder, 'not a folder')
    const store = openStore()
    await expect(store.put('exports/x', content)).rejects.toMatchObject({ fault: 'unavailable' })
    await rm(folder)
    expect(await store.put('exports/x', content)).toMatchObject({ sizeBytes: content.byteLength })
  })
})
