import { describe, expect, it } from 'vitest'
import { createLogger, createMetrics } from '#platform/telemetry'
import { createCache } from './cache.ts'

function setUp() {
  const metrics = createMetrics()
  const logger = createLogger({ logLevel: 'silent' }, { service: 'test' })
  return { metrics, ...createCache({ metrics, logger }) }
}

const minute = { ttlSeconds: 60 }

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

  it('forgets a deleted key', async () => {
    const { cache } = setUp()
    await cache.through('a:1', minute, async () => 'old')
    await cache.delete('a:1')
    expect(await cache.through('a:1', minute, async () => 'new')).toBe('new')
  })
})
