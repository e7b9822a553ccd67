import { Type } from 'typebox'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { missingServer, type RedisServer, startRedis } from '#servers'
import { type CacheProcess, cacheProcess, SHARED } from './cache-process.ts'
import { entryKey } from './entry-key.ts'
import { entryName } from './redis-names.ts'

const missing = missingServer('redis-server')
const entryOf = (key: string) => entryName(entryKey(key))

describe.skipIf(missing)(`a cache that processes share${missing ? ` (${missing})` : ''}`, () => {
  let server: RedisServer
  let one: CacheProcess
  let two: CacheProcess

  beforeAll(async () => {
    server = await startRedis()
  })
  afterAll(() => server.stop())

  beforeEach(async () => {
    one = cacheProcess(server.url, 5_000)
    two = cacheProcess(server.url, 5_000)
    await Promise.all([one.shares(), two.shares()])
  })
  afterEach(async () => {
    await one.redis().flushall()
    await Promise.all([one.close(), two.close()])
  })

  it('gives one process what another has loaded, and says which layer it came from', async () => {
    expect(await one.read('song:1', 'first')).toBe('first')
    expect(await two.read('song:1', 'second')).toBe('first')
    expect(await two.reads('l2')).toBe(1)
    const before = await two.reads('l1')
    expect(await two.read('song:1', 'third')).toBe('first')
    expect(await two.reads('l1')).toBe(before + 1)
  })

  it('shares a miss too', async () => {
    const policy = { ttlSeconds: 60, shape: Type.Union([Type.String(), Type.Null()]) }
    expect(await one.cache.through('song:1', policy, async () => null)).toBeNull()
    expect(await two.cache.through('song:1', policy, async () => 'found')).toBeNull()
  })

  it('keeps what has no shape within its process', async () => {
    const own = { ttlSeconds: 60 }
    expect(await one.read('session:1', 'first', own)).toBe('first')
    expect(await two.read('session:1', 'second', own)).toBe('second')
    expect(await one.redis().keys('*:entry:session*')).toEqual([])
  })

  it('has every process forget what one deletes', async () => {
    for (const policy of [SHARED, { ttlSeconds: 60 }]) {
      await one.read('song:1', 'old', policy)
      await two.read('song:1', 'old', policy)
      await one.cache.delete('song:1')
      await expect.poll(() => two.read('song:1', 'new', policy)).toBe('new')
      await one.cache.delete('song:1')
    }
  })

  it('has every process forget what has a tag that one deletes, and nothing else', async () => {
    const tagged = { ...SHARED, tags: ['user:1', 'model:1'] }
    const other = { ...SHARED, tags: ['user:2', 'model:1'] }
    for (const { read } of [one, two]) {
      await read('list:1', 'old', tagged)
      await read('list:2', 'kept', other)
    }
    await one.cache.deleteByTag('user:1')
    expect(await one.read('list:1', 'new', tagged)).toBe('new')
    await expect.poll(() => two.read('list:1', 'newer', tagged)).toBe('new')
    expect(await two.read('list:2', 'new', other)).toBe('kept')
  })

  it('does not share what a process was loading when its tag was deleted elsewhere', async () => {
    const tagged = { ...SHARED, tags: ['user:1'] }
    const { promise, resolve } = Promise.withResolvers<string>()
    const begun = Promise.withResolvers<void>()
    const load = () => {
      begun.resolve()
      return promise
    }
    const before = two.load('list:1', load, tagged)
    await begun.promise
    await one.cache.deleteByTag('user:1')
    resolve('old')
    expect(await before).toBe('old')
    expect(await one.read('list:1', 'new', tagged)).toBe('new')
    await expect.poll(() => two.read('list:1', 'newer', tagged)).toBe('new')
  })

  it('does not share what a process was loading when its key was deleted elsewhere', async () => {
    const { promise, resolve } = Promise.withResolvers<string>()
    const begun = Promise.withResolvers<void>()
    const before = two.load('list:1', () => {
      begun.resolve()
      return promise
    })
    await begun.promise
    await one.cache.delete('list:1')
    resolve('old')
    expect(await before).toBe('old')
    await expect.poll(() => one.redis().exists(entryOf('list:1'))).toBe(0)
    expect(await one.read('list:1', 'new')).toBe('new')
  })

  it('runs one load in all for a value that processes miss at the same time', async () => {
    let loads = 0
    const { promise, resolve } = Promise.withResolvers<string>()
    const load = () => {
      loads += 1
      return promise
    }
    const answers = [one, two].flatMap(({ load: through }) =>
      Array.from({ length: 50 }, () => through('list:1', load)),
    )
    await expect.poll(() => loads).toBe(1)
    resolve('value')
    expect(new Set(await Promise.all(answers))).toEqual(new Set(['value']))
    expect(loads).toBe(1)
  })

  it('does not wait for ever for a process that was to load and has died', async () => {
    await one.redis().set(`ml:cache:1:lead:${entryKey('list:1')}`, 'dead', 'PX', 60_000)
    expect(await one.read('list:1', 'own')).toBe('own')
  })

  it('serves the old value that another process has left while the source fails', async () => {
    const policy = { ...SHARED, ttlSeconds: 0.001, staleSeconds: 60 }
    await one.read('song:1', 'old', policy)
    const fails = async (): Promise<string> => {
      throw new Error('source down')
    }
    const aged = () => two.cache.throughAged('song:1', policy, fails)
    await expect.poll(aged).toEqual({ value: 'old', stale: true })
  })

  it.each([
    'no JSON {',
    '',
    'null',
    '[]',
    '{"value":"bare"}',
    '{"value":{"value":7,"versions":"VERSIONS"},"createdAt":1,"logicalExpiration":4e15}',
    '{"value":{"value":"of old tags","versions":"x"},"createdAt":1,"logicalExpiration":4e15}',
    '{"value":{"value":"no end","versions":"VERSIONS"},"createdAt":1}',
  ])('takes %s in Redis for a miss', async (text) => {
    await one.read('probe:1', '')
    const stored = (await one.redis().get(entryOf('probe:1'))) ?? ''
    const { versions } = JSON.parse(stored).value
    await one.redis().set(entryOf('song:1'), text.replace('VERSIONS', versions))
    expect(await one.read('song:1', 'loaded')).toBe('loaded')
    expect(await two.read('song:1', 'again')).toBe('loaded')
  })

  it('ignores what is no message on its channel', async () => {
    await one.read('song:1', 'kept')
    for (const text of ['{', '{"from":"x","keys":[1],"tags":[]}', 'null']) {
      await two.redis().publish('ml:cache:1:forget', text)
    }
    await two.cache.delete('another')
    expect(await one.read('song:1', 'new')).toBe('kept')
  })

  it('shows in Redis no word of what a key was made of', async () => {
    await one.read('lyrics:search:somebody@example.org', 'value')
    const keys = await one.redis().keys('*')
    expect(keys.join('\n')).not.toMatch(/somebody|example/)
    expect(keys.some((key) => key.includes(':entry:lyrics:'))).toBe(true)
  })

  it('starts anew after a flush', async () => {
    const tagged = { ...SHARED, tags: ['user:1'] }
    await one.read('list:1', 'old', tagged)
    await one.redis().flushall()
    await two.read('list:1', 'new', tagged)
    await one.cache.deleteByTag('user:1')
    await expect.poll(() => two.read('list:1', 'newer', tagged)).toBe('newer')
    expect(await one.read('list:1', 'newest', tagged)).toBe('newer')
  })
})
