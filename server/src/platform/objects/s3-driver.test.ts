import { randomBytes } from 'node:crypto'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type SmallS3, startSmallS3 } from '#test'
import { type BreakingProxy, breakingProxy } from './breaking-proxy.ts'
import { promisesOfAStore } from './object-store.contract.ts'
import { type ObjectStore, objectStoreOver } from './object-store.ts'
import { objectStore } from './open-store.ts'
import { s3Driver } from './s3-driver.ts'
import { s3UnderTest } from './s3-under-test.ts'

let s3: SmallS3
beforeAll(async () => {
  s3 = await startSmallS3()
})
afterAll(() => s3.stop())

const content = randomBytes(3_000_000)
const UNAVAILABLE = { name: 'ObjectError', fault: 'unavailable' }

describe('a store on S3', () => {
  describe('as every store', () => {
    let opened: ReturnType<typeof s3UnderTest>
    // Among rivals it promises nothing: this one ignores conditions.
    promisesOfAStore(async () => {
      opened = s3UnderTest(s3.config)
      return opened
    })
    afterAll(() => opened.close())
  })

  it('keeps to its prefix', async () => {
    const inside = objectStore(s3.config)
    const beside = objectStore({ ...s3.config, prefix: 'some/where-else' })
    const whole = objectStore({ ...s3.config, prefix: '' })
    const { sha256 } = await inside.put('exports/prefixed', content)
    await expect(beside.get('exports/prefixed', sha256)).rejects.toMatchObject({ fault: 'missing' })
    await whole.verify('some/where/exports/prefixed', sha256)
    await Promise.all([inside.close(), beside.close(), whole.close()])
  })

  it('lists page after page', async () => {
    const store = objectStoreOver(async () => s3Driver(s3.config, { pageKeys: 3 }))
    const keys = ['pages/1', 'pages/2', 'pages/3', 'pages/4', 'pages/5', 'pages/6', 'pages/7']
    for (const key of keys) await store.put(key, new Uint8Array())
    const listed = []
    for await (const { key } of store.list('pages/')) listed.push(key)
    expect(listed).toEqual(keys)
    await store.close()
  })

  it('takes more at once than it has connections for', async () => {
    const store = objectStoreOver(async () => s3Driver(s3.config, { concurrency: 2 }))
    const keys = Array.from({ length: 20 }, (_, index) => `many/${index}`)
    const stored = await Promise.all(keys.map((key) => store.put(key, Buffer.from(key))))
    const read = await Promise.all(stored.map(({ key, sha256 }) => store.get(key, sha256)))
    expect(read.map(String)).toEqual(keys)
    await store.close()
  })

  it('is unavailable, not empty, without its bucket', async () => {
    const store = objectStore({ ...s3.config, bucket: 'nowhere' })
    await expect(store.get('exports/x', '00'.repeat(32))).rejects.toMatchObject(UNAVAILABLE)
    await expect(store.put('exports/x', content)).rejects.toMatchObject(UNAVAILABLE)
    await expect(store.putIfAbsent('exports/x', content)).rejects.toMatchObject(UNAVAILABLE)
    await expect(store.list('')[Symbol.asyncIterator]().next()).rejects.toMatchObject(UNAVAILABLE)
    await store.close()
  })
})

describe('a store on S3 behind a bad network', () => {
  let proxy: BreakingProxy
  let store: ObjectStore
  let direct: ObjectStore
  beforeEach(async () => {
    s3.reset()
    proxy = await breakingProxy({ host: '127.0.0.1', port: s3.port })
    const limits = { connectMs: 500, idleMs: 300, requestMs: 1_000, attempts: 3 }
    const behind = { ...s3.config, endpoint: proxy.url }
    store = objectStoreOver(async () => s3Driver(behind, limits))
    direct = objectStore(s3.config)
  })
  afterEach(async () => {
    await Promise.all([store.close(), direct.close()])
    await proxy.close()
  })

  it('puts again what broke off, once', async () => {
    proxy.cut('toStore', [1_000_000])
    const { key, sha256 } = await store.put('exports/put', content)
    await direct.verify(key, sha256)
    expect(proxy.connections()).toBe(2)
  })

  it('shows nothing of a put that broke off for good', async () => {
    proxy.cut('toStore', [1_000_000, 1_000_000, 1_000_000])
    await expect(store.put('exports/broken', content)).rejects.toMatchObject(UNAVAILABLE)
    await expect(direct.getUnverified('exports/broken')).rejects.toMatchObject({ fault: 'missing' })
    expect(proxy.connections()).toBe(3)
  })

  it('keeps the old content of an object when a put over it breaks off', async () => {
    const old = await direct.put('exports/old', Buffer.from('old'))
    proxy.cut('toStore', [1_000_000, 1_000_000, 1_000_000])
    await expect(store.put('exports/old', content)).rejects.toMatchObject(UNAVAILABLE)
    await direct.verify(old.key, old.sha256)
  })

  it('goes on with a read that broke off, from there', async () => {
    const { key, sha256 } = await direct.put('exports/read', content)
    proxy.cut('toClient', [1_000_000, 1_000_000])
    expect(Buffer.compare(await store.get(key, sha256), content)).toBe(0)
    expect(proxy.connections()).toBe(3)
  })

  it('gives nothing of a read that breaks off for good', async () => {
    const { key, sha256 } = await direct.put('exports/lost', content)
    proxy.cut('toClient', [500_000, 500_000, 500_000, 500_000])
    await expect(store.get(key, sha256)).rejects.toMatchObject({ ...UNAVAILABLE, key })
  })

  it('knows an upload in parts for its own when the answer to its end was lost', async () => {
    const long = randomBytes(9 * 1024 * 1024)
    proxy.loseAnswerTo('uploadId=')
    const { key, sha256 } = await store.put('exports/parts', long)
    proxy.loseAnswerTo('<CompleteMultipartUpload')
    expect(await store.put('exports/parts', long)).toMatchObject({ sha256 })
    await direct.verify(key, sha256)
  })

  it('ends, and says so, when the store is frozen', async () => {
    const { key, sha256 } = await direct.put('exports/frozen', content)
    proxy.freeze()
    await expect(store.get(key, sha256)).rejects.toMatchObject(UNAVAILABLE)
    await expect(store.put(key, content)).rejects.toMatchObject(UNAVAILABLE)
    proxy.thaw()
    await store.verify(key, sha256)
  })

  it('ends, and says so, when nobody listens', async () => {
    await proxy.close()
    await expect(store.put('exports/gone', content)).rejects.toMatchObject(UNAVAILABLE)
  })
})
