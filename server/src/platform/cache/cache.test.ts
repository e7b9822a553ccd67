import { describe, expect, it } from 'vitest'
import { createLogger, createMetrics } from '#platform/telemetry'
import { createCache } from './index.ts'

function setUp() {
  const metrics = createMetrics()
  const logger = createLogger({ logLevel: 'silent' }, { service: 'test' })
  return { metrics, ...createCache({ metrics, logger }) }
}

const minute = { ttlSeconds: 60 }

/** Waits until the clock by which entries expire is this much further. */
async function passed(ms: number): Promise<void> {
  const until = Date.now() + ms
  await expect.poll(() => Date.now(), { interval: 1 }).toBeGreaterThan(until)
}

describe('cache', () => {
  it('loads once and then answers from memory', async () => {
    const { cache } = setUp()
    let loads = 0
    const load = async () => ++loads
    expect(await cache.through('a:1', minute, load)).toBe(1)
    expect(await cache.through('a:1', minute, load)).toBe(1)
    expect(await cache.through('a:2', minute, load)).toBe(2)
  })

  it('keeps a miss, so that it is not asked for again', async () => {
    const { cache } = setUp()
    let loads = 0
    const load = async () => {
      loads += 1
      return null
    }
    expect(await cache.through('a:1', minute, load)).toBeNull()
    expect(await cache.through('a:1', minute, load)).toBeNull()
    expect(loads).toBe(1)
  })

  it('runs one load for five hundred equal requests at once', async () => {
    const { cache } = setUp()
    let loads = 0
    const { promise, resolve } = Promise.withResolvers<string>()
    const load = () => {
      loads += 1
      return promise
    }
    const answers = Array.from({ length: 500 }, () => cache.through('a:1', minute, load))
    resolve('value')
    expect(new Set(await Promise.all(answers))).toEqual(new Set(['value']))
    expect(loads).toBe(1)
  })

  it('serves the old value while the source fails, and says so in the metrics', async () => {
    const { cache, metrics } = setUp()
    const policy = { ttlSeconds: 0.001, staleSeconds: 60 }
    await cache.through('a:1', policy, async () => 'old')
    const fails = async (): Promise<string> => {
      throw new Error('source down')
    }
    await expect.poll(() => cache.through('a:1', policy, fails)).toBe('old')
    const reads = await metrics.cacheReads.get()
    const stale = reads.values.filter(({ labels }) => labels.result === 'stale')
    expect(stale.length).toBe(1)
  })

  it('passes on the source’s own error when there is nothing to serve', async () => {
    const { cache } = setUp()
    const fails = async () => {
      throw new RangeError('source down')
    }
    await expect(cache.through('a:1', minute, fails)).rejects.toThrow(RangeError)
  })

  it('tells everybody who waits for one load that they get an old value', async () => {
    const { cache } = setUp()
    const policy = { ttlSeconds: 0.001, staleSeconds: 60 }
    const once = await cache.throughAged('a:1', policy, async () => 'old')
    expect(once).toEqual({ value: 'old', stale: false })
    let loads = 0
    const fails = async (): Promise<string> => {
      loads += 1
      throw new Error('source down')
    }
    await expect.poll(async () => (await cache.throughAged('a:1', policy, fails)).stale).toBe(true)
    loads = 0
    const reads = [1, 2, 3].map(() => cache.throughAged('a:1', policy, fails))
    expect(await Promise.all(reads)).toEqual([1, 2, 3].map(() => ({ value: 'old', stale: true })))
    expect(loads).toBe(1)
  })

  it('shares one failure among all who wait for it', async () => {
    const { cache } = setUp()
    let loads = 0
    const fails = async (): Promise<string> => {
      loads += 1
      throw new RangeError('source down')
    }
    const reads = [1, 2, 3].map(() => cache.through('a:1', minute, fails))
    const outcomes = await Promise.allSettled(reads)
    expect(outcomes.map((outcome) => outcome.status === 'rejected' && outcome.reason)).toEqual(
      [1, 2, 3].map(() => expect.any(RangeError)),
    )
    expect(loads).toBe(1)
    expect(await cache.through('a:1', minute, async () => 'back')).toBe('back')
  })

  it('keeps a value for its whole time, however short it may be served after that', async () => {
    const { cache } = setUp()
    const policy = { ttlSeconds: 60, staleSeconds: 0.001 }
    await cache.through('a:1', policy, async () => 'first')
    await passed(5)
    expect(await cache.through('a:1', policy, async () => 'second')).toBe('first')
  })

  it('passes on the error once an old value is too old', async () => {
    const { cache } = setUp()
    const policy = { ttlSeconds: 0.001, staleSeconds: 0.1 }
    const fails = async (): Promise<string> => {
      throw new RangeError('source down')
    }
    await cache.through('a:1', policy, async () => 'old')
    const read = () =>
      cache.through('a:1', policy, fails).catch((error: unknown) => error instanceof RangeError)
    await expect.poll(read, { interval: 5 }).toBe(true)
  })

  it('keeps a value for as long as its load says', async () => {
    const { cache } = setUp()
    await cache.through('a:1', minute, async ({ keepFor }) => {
      keepFor(0.001)
      return 'nearly over'
    })
    await expect.poll(() => cache.through('a:1', minute, async () => 'new')).toBe('new')
  })

  it('does not keep what was being loaded when its key was deleted', async () => {
    const { cache } = setUp()
    const { promise, resolve } = Promise.withResolvers<string>()
    const before = cache.through('a:1', minute, () => promise)
    await cache.delete('a:1')
    const after = cache.through('a:1', minute, async () => 'new')
    resolve('old')
    expect(await before).toBe('old')
    expect(await after).toBe('new')
    expect(await cache.through('a:1', minute, async () => 'newer')).toBe('new')
  })

  it('forgets a deleted key', async () => {
    const { cache } = setUp()
    await cache.through('a:1', minute, async () => 'old')
    await cache.delete('a:1')
    expect(await cache.through('a:1', minute, async () => 'new')).toBe('new')
  })

  it('forgets all that has a tag, and what was being loaded for it', async () => {
    const { cache } = setUp()
    const mine = { ttlSeconds: 60, tags: ['user:1', 'model:1'] }
    const { promise, resolve } = Promise.withResolvers<string>()
    await cache.through('a:1', mine, async () => 'old')
    await cache.through('a:2', { ttlSeconds: 60, tags: ['user:2'] }, async () => 'kept')
    const before = cache.through('a:3', mine, () => promise)
    await cache.deleteByTag('model:1')
    resolve('old')
    expect(await before).toBe('old')
    for (const key of ['a:1', 'a:3']) {
      expect(await cache.through(key, mine, async () => 'new')).toBe('new')
      expect(await cache.through(key, mine, async () => 'newer')).toBe('new')
    }
    const other = { ttlSeconds: 60, tags: ['user:2'] }
    expect(await cache.through('a:2', other, async () => 'new')).toBe('kept')
  })

  it('does not serve a value whose tag was deleted, even while the source fails', async () => {
    const { cache } = setUp()
    const policy = { ttlSeconds: 60, staleSeconds: 60, tags: ['user:1'] }
    await cache.through('a:1', policy, async () => 'old')
    await cache.deleteByTag('user:1')
    const fails = async (): Promise<string> => {
      throw new RangeError('source down')
    }
    await expect(cache.through('a:1', policy, fails)).rejects.toThrow(RangeError)
  })

  it('runs one load for equal requests at once whose tag nobody has asked for', async () => {
    const { cache } = setUp()
    let loads = 0
    const load = async () => ++loads
    const policy = { ttlSeconds: 60, tags: ['user:1'] }
    const reads = Array.from({ length: 100 }, () => cache.through('a:1', policy, load))
    expect(new Set(await Promise.all(reads))).toEqual(new Set([1]))
  })

  it('counts where values came from, and what was dropped', async () => {
    const metrics = createMetrics()
    const logger = createLogger({ logLevel: 'silent' }, { service: 'test' })
    const { cache } = createCache({ metrics, logger, maxItems: 2 })
    const read = (key: string) => cache.through(key, minute, async () => key)
    for (const key of ['a:1', 'a:1', 'b:1', 'b:2']) await read(key)
    await cache.through('b:3', { ttlSeconds: 0.001 }, async () => 'short')
    await passed(2)
    await read('b:3')
    const counted = async (counter: 'cacheReads' | 'cacheDrops') =>
      Object.fromEntries(
        (await metrics[counter].get()).values.map(({ labels, value }) => [
          Object.values(labels).join(' '),
          value,
        ]),
      )
    expect(await counted('cacheReads')).toEqual({ 'a miss': 1, 'a l1': 1, 'b miss': 4 })
    expect(await counted('cacheDrops')).toEqual({
      'a evicted': 1,
      'b evicted': 1,
      'b expired': 1,
    })
  })
})
