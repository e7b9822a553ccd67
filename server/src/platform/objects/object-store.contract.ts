import { randomBytes } from 'node:crypto'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ObjectStore } from './object-store.ts'

export interface StoreUnderTest {
  store: ObjectStore
  /** Puts bytes in an object's place behind the store's back. */
  spoil(key: string, content: Uint8Array): Promise<void>
}

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)
const NOTHING = '00'.repeat(32)

async function keysOf(store: ObjectStore, prefix: string): Promise<string[]> {
  const keys = []
  for await (const { key } of store.list(prefix)) keys.push(key)
  return keys
}

/** What every kind of store promises alike. `open` gives one that is empty. */
export function promisesOfAStore(open: () => Promise<StoreUnderTest>): void {
  let store: ObjectStore
  let spoil: StoreUnderTest['spoil']
  let folder: string
  beforeAll(async () => {
    ;({ store, spoil } = await open())
    folder = await mkdtemp(join(tmpdir(), 'objects-contract-'))
  })
  afterAll(() => rm(folder, { recursive: true }))

  describe('putting and getting', () => {
    it.each([
      ['a text', bytes('weights')],
      ['nothing', new Uint8Array()],
      ['more than one part of an upload', randomBytes(17 * 1024 * 1024)],
    ])('gives back %s as it was put', async (_what, content) => {
      const stored = await store.put('models/m/1.bin', content)
      expect(stored).toMatchObject({ key: 'models/m/1.bin', sizeBytes: content.byteLength })
      expect(Buffer.compare(await store.get(stored.key, stored.sha256), content)).toBe(0)
    })

    it('replaces what was there, and takes the same again', async () => {
      const first = await store.put('exports/same', bytes('one'))
      expect(await store.put('exports/same', bytes('one'))).toEqual(first)
      const second = await store.put('exports/same', bytes('two'))
      expect(await store.get('exports/same', second.sha256)).toEqual(Buffer.from('two'))
      await expect(store.get('exports/same', first.sha256)).rejects.toMatchObject({
        fault: 'corrupt',
      })
    })

    it('takes the same object from many writers at once', async () => {
      const puts = Array.from({ length: 8 }, () => store.put('exports/many', bytes('many')))
      const [stored] = await Promise.all(puts)
      expect(await store.get('exports/many', stored?.sha256 ?? '')).toEqual(Buffer.from('many'))
    })
  })

  describe('damage', () => {
    it.each([
      ['changed', bytes('weighty')],
      ['truncated', bytes('weigh')],
      ['emptied', new Uint8Array()],
    ])('refuses an object that was %s', async (_how, content) => {
      const { key, sha256 } = await store.put('exports/damaged', bytes('weights'))
      await spoil(key, content)
      const refusal = { name: 'ObjectError', fault: 'corrupt', key }
      await expect(store.get(key, sha256)).rejects.toMatchObject(refusal)
      await expect(store.verify(key, sha256)).rejects.toMatchObject(refusal)
      await expect(store.getFile(key, sha256, join(folder, 'damaged'))).rejects.toMatchObject(
        refusal,
      )
      expect(await readdir(folder)).toEqual([])
    })

    it('tells an object that is not there from one that is damaged', async () => {
      const refusal = { name: 'ObjectError', fault: 'missing', key: 'exports/none' }
      await expect(store.get('exports/none', NOTHING)).rejects.toMatchObject(refusal)
      await expect(
        store.getFile('exports/none', NOTHING, join(folder, 'none')),
      ).rejects.toMatchObject(refusal)
      expect(await readdir(folder)).toEqual([])
    })
  })

  describe('files', () => {
    it('carries a file there and back, however long', async () => {
      const content = randomBytes(20 * 1024 * 1024)
      const [from, to] = [join(folder, 'from'), join(folder, 'below', 'to')]
      await writeFile(from, content)
      const stored = await store.putFile('datasets/d/1.bin', from)
      expect(await store.verify(stored.key, stored.sha256)).toEqual(stored)
      expect(await store.getFile(stored.key, stored.sha256, to)).toEqual(stored)
      expect(Buffer.compare(await readFile(to), content)).toBe(0)
      expect(await readdir(join(folder, 'below'))).toEqual(['to'])
    })

    it('leaves nothing behind where it cannot be put', async () => {
      const { key, sha256 } = await store.put('datasets/small', bytes('rows'))
      await mkdir(join(folder, 'taken/below'), { recursive: true })
      await expect(store.getFile(key, sha256, join(folder, 'taken'))).rejects.toThrow()
      expect((await readdir(folder)).filter((name) => name.includes('partial'))).toEqual([])
    })

    it('puts nothing when the file cannot be read', async () => {
      await expect(store.putFile('datasets/lost', join(folder, 'lost'))).rejects.toMatchObject({
        code: 'ENOENT',
      })
      await expect(store.get('datasets/lost', NOTHING)).rejects.toMatchObject({ fault: 'missing' })
    })
  })

  describe('putting if absent', () => {
    it('puts once, and leaves what is there', async () => {
      const first = await store.putIfAbsent('lake/once', bytes('first'))
      expect(await store.putIfAbsent('lake/once', bytes('second'))).toBeUndefined()
      expect(await store.get('lake/once', first?.sha256 ?? '')).toEqual(Buffer.from('first'))
    })

    it('puts again what was deleted; deleting twice is no fault', async () => {
      await store.putIfAbsent('lake/again', bytes('first'))
      await store.delete('lake/again')
      await store.delete('lake/again')
      expect(await store.putIfAbsent('lake/again', bytes('second'))).toMatchObject({ sizeBytes: 6 })
    })
  })

  describe('listing', () => {
    it('gives what begins with a prefix, in the order of the bytes of the keys', async () => {
      const keys = ['l/a-b', 'l/a.b', 'l/a/b', 'l/a/type=x/date=y', 'l/ab', 'l/b', 'lm']
      for (const key of keys.toReversed()) await store.put(key, bytes(key))
      expect(await keysOf(store, 'l/')).toEqual(keys.slice(0, -1))
      expect(await keysOf(store, 'l')).toEqual(expect.arrayContaining(keys))
      expect(await keysOf(store, 'l/a/t')).toEqual(['l/a/type=x/date=y'])
      expect(await keysOf(store, 'l/a/type=x/')).toEqual(['l/a/type=x/date=y'])
      expect(await keysOf(store, 'nothing/')).toEqual([])
    })

    it('tells size and time', async () => {
      await store.put('listed/one', bytes('12345'))
      for await (const listed of store.list('listed/')) {
        expect(listed).toEqual({ key: 'listed/one', sizeBytes: 5, updatedAt: expect.any(Date) })
        expect(Math.abs(Date.now() - listed.updatedAt.getTime())).toBeLessThan(600_000)
      }
    })
  })

  it.each(['../escape', '/root', 'a//b', 'a/', '', '.hidden/x', 'a/.b', 'ü', 'a b', 'a\\b', 'a\0'])(
    'refuses the name %j',
    async (key) => {
      await expect(store.put(key, bytes('x'))).rejects.toThrow(RangeError)
      await expect(store.get(key, NOTHING)).rejects.toThrow(RangeError)
      await expect(store.delete(key)).rejects.toThrow(RangeError)
    },
  )
}

/** What a store promises besides when it decides between rivals that put if absent at once. */
export function promisesAmongRivals(open: () => Promise<StoreUnderTest>): void {
  it.each([
    ['short', 8, 1000],
    ['long', 3, 9 * 1024 * 1024],
  ])('has one winner among rivals whose objects are %s', async (length, rivals, sizeBytes) => {
    const { store } = await open()
    const key = `lake/rivals-${length}`
    const contents = Array.from({ length: rivals }, (_, fill) => Buffer.alloc(sizeBytes, fill))
    const answers = await Promise.all(contents.map((one) => store.putIfAbsent(key, one)))
    const winners = answers.filter((answer) => answer !== undefined)
    expect(winners).toHaveLength(1)
    expect(await store.verify(key, winners[0]?.sha256 ?? '')).toEqual(winners[0])
  })
}
