import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { missingServer, type RedisServer, startRedis } from '#servers'
import { type CacheProcess, cacheProcess, SHARED } from './cache-process.ts'

const missing = missingServer('redis-server')
const MINUTES = 20_000

describe.skipIf(missing)(
  `a cache whose Redis is in trouble${missing ? ` (${missing})` : ''}`,
  () => {
    let server: RedisServer
    let one: CacheProcess
    let two: CacheProcess

    beforeEach(async () => {
      server = await startRedis({ maxmemory: '4mb', 'maxmemory-policy': 'noeviction' })
      one = cacheProcess(server.url)
      two = cacheProcess(server.url)
    })
    afterEach(async () => {
      await Promise.all([one.close(), two.close()])
      await server.stop()
    })

    /** Keys that Redis no longer holds, once all is well again. */
    const loadMany = async ({ read }: CacheProcess, name: string) => {
      for (let at = 0; at < 50; at += 1)
        expect(await read(`${name}:${at}`, 'loaded')).toBe('loaded')
    }

    it(
      'works from the start without Redis, and shares once it is there',
      async () => {
        await server.shutDown()
        await loadMany(one, 'song')
        expect(await one.read('song:0', 'again')).toBe('loaded')
        await server.start()
        await one.isBack()
        await two.shares()
        await one.read('album:1', 'shared')
        expect(await two.read('album:1', 'own')).toBe('shared')
      },
      MINUTES,
    )

    it.each(['kill', 'pause'] as const)(
      'loses one time-out at most to a Redis that is gone (%s)',
      async (how) => {
        await one.shares()
        await one.read('song:kept', 'in memory')
        await server[how]()
        await loadMany(one, 'song')
        expect(await one.read('song:kept', 'new')).toBe('in memory')
        await one.isAlone()
        // The first command that fails is the last that is sent.
        const failures = await one.failures('unanswered')
        expect(failures).toBeLessThanOrEqual(1)
        await loadMany(one, 'album')
        await one.cache.delete('album:1')
        await one.cache.deleteByTag('user:1')
        expect(await one.failures('unanswered')).toBe(failures)
      },
      MINUTES,
    )

    it(
      'lets one time-out do for all who ask at the same time',
      async () => {
        await one.shares()
        server.pause()
        const reads = Array.from({ length: 200 }, (_, at) => one.read(`song:${at}`, 'loaded'))
        expect(new Set(await Promise.all(reads))).toEqual(new Set(['loaded']))
        // Each has lost one command at most: nobody waited twice.
        expect(await one.failures('unanswered')).toBeLessThanOrEqual(200)
        server.resume()
        await one.isBack()
      },
      MINUTES,
    )

    it.each(['delete', 'deleteByTag'] as const)(
      'does not bring back what a frozen Redis did not %s',
      async (how) => {
        const tagged = { ...SHARED, tags: ['user:1'] }
        await Promise.all([one.shares(), two.shares()])
        await one.read('list:1', 'old', tagged)
        await two.read('list:1', 'old', tagged)
        server.pause()
        await one.cache[how](how === 'delete' ? 'list:1' : 'user:1')
        expect(await one.read('list:1', 'new', tagged)).toBe('new')
        await one.isAlone()
        server.resume()
        await one.isBack()
        expect(await one.read('list:1', 'newer', tagged)).not.toBe('old')
        await expect.poll(() => two.read('list:1', 'newer', tagged)).not.toBe('old')
        // Not in Redis either.
        const three = cacheProcess(server.url)
        await three.shares()
        expect(await three.read('list:1', 'newest', tagged)).not.toBe('old')
        await three.close()
      },
      MINUTES,
    )

    it(
      'does not bring back what was deleted while Redis was gone with its data on disk',
      async () => {
        const tagged = { ...SHARED, tags: ['user:1'] }
        await one.shares()
        await one.read('list:1', 'old', tagged)
        await one.read('list:2', 'old')
        await one.redis().save()
        await server.kill()
        await one.isAlone()
        await one.cache.deleteByTag('user:1')
        await one.cache.delete('list:2')
        await server.start()
        await one.isBack()
        await two.shares()
        expect(await two.read('list:1', 'new', tagged)).toBe('new')
        expect(await two.read('list:2', 'new')).toBe('new')
      },
      MINUTES,
    )

    it(
      'forgets all that it shared when it had to delete more than it can remember',
      async () => {
        await one.shares()
        await one.read('list:1', 'old')
        await one.redis().save()
        await server.kill()
        await one.isAlone()
        await Promise.all(
          Array.from({ length: 10_001 }, (_, at) => one.cache.delete(`other:${at}`)),
        )
        await server.start()
        await one.isBack()
        await two.shares()
        expect(await two.read('list:1', 'new')).toBe('new')
      },
      MINUTES,
    )

    it(
      'never serves a standing that was deleted while Redis was frozen',
      async () => {
        const standing = { ttlSeconds: 10 }
        await Promise.all([one.shares(), two.shares()])
        await one.read('session:1', 'live', standing)
        server.pause()
        await one.cache.delete('session:1')
        expect(await one.read('session:1', 'revoked', standing)).toBe('revoked')
        server.resume()
        await one.isBack()
        expect(await one.read('session:1', 'live?', standing)).toBe('revoked')
      },
      MINUTES,
    )

    it(
      'goes on in memory while Redis is full, and still deletes',
      async () => {
        await Promise.all([one.shares(), two.shares()])
        await one.read('list:1', 'old')
        await two.read('list:1', 'old')
        for (const length of [200_000, 10_000, 200]) {
          const fill = async () => {
            for (let at = 0; ; at += 1) {
              await one.redis().set(`filler:${length}:${at}`, 'x'.repeat(length))
            }
          }
          await expect(fill()).rejects.toThrow(/OOM/)
        }

        await loadMany(one, 'song')
        expect(await one.read('song:1', 'again')).toBe('loaded')
        expect(await one.failures('refused')).toBeGreaterThan(0)
        expect(await one.failures('unanswered')).toBe(0)
        await one.cache.delete('list:1')
        await expect.poll(() => two.read('list:1', 'new')).toBe('new')
        await one.isBack()
      },
      MINUTES,
    )

    it(
      'shares again after Redis was restarted, emptied',
      async () => {
        await Promise.all([one.shares(), two.shares()])
        await one.read('list:1', 'old', { ...SHARED, tags: ['user:1'] })
        await server.kill()
        await Promise.all([one.isAlone(), two.isAlone()])
        await server.start()
        await Promise.all([one.isBack(), two.isBack()])
        await one.read('list:2', 'shared')
        expect(await two.read('list:2', 'own')).toBe('shared')
      },
      MINUTES,
    )

    it(
      'says little about it, however long it lasts and however much is asked',
      async () => {
        await one.shares()
        await server.kill()
        for (let round = 0; round < 5; round += 1) await loadMany(one, `song-${round}`)
        await one.isAlone()
        await server.start()
        await one.isBack()
        const about = one.lines.filter((line) => /redis\.|cache\./.test(line))
        // Lost and back, of each of the two connections and of the cache.
        expect(about.length).toBeLessThanOrEqual(8)
        expect(one.lines.length).toBe(about.length)
      },
      MINUTES,
    )

    it(
      'closes at once while Redis is frozen',
      async () => {
        await one.shares()
        server.pause()
        const pending = one.read('song:1', 'loaded')
        await one.close()
        expect(await pending).toBe('loaded')
        server.resume()
      },
      MINUTES,
    )
  },
)
