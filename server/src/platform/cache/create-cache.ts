import { randomUUID } from 'node:crypto'
import type { Redis } from '#platform/redis'
import { inSpan, type Logger, type Metrics } from '#platform/telemetry'
import type { Aged, Cache, CachePolicy, Load } from './cache.ts'
import { entryKey, familyOf } from './entry-key.ts'
import { forgetChannel } from './forget-channel.ts'
import { layeredStore } from './layered-store.ts'
import { memoryLayer } from './memory-layer.ts'
import { EVERYTHING } from './pending-forgets.ts'
import { readThrough } from './read-through.ts'
import { newReading, type Reading } from './reading.ts'
import { redisLayer } from './redis-layer.ts'
import { sharedReadings } from './shared-readings.ts'
import { tagVersions } from './tag-versions.ts'

export interface CacheDependencies {
  metrics: Metrics
  logger: Logger
  /** Shares what policies allow to share; without it each process has its own cache. */
  redis?: Redis | undefined
  /** Upper bound of the values in memory. */
  maxItems?: number
  /** Upper bound of their length together, in characters. */
  maxLength?: number
}

const MAX_ITEMS = 20_000
const MAX_LENGTH = 64 * 1024 * 1024

const tagsOf = ({ tags = [], shape }: CachePolicy): readonly string[] =>
  shape === undefined ? tags : [EVERYTHING, ...tags]

/** `close` waits for nothing; call it before Redis is closed. */
export function createCache(dependencies: CacheDependencies): {
  cache: Cache
  close(): Promise<void>
} {
  const { metrics, logger, maxItems = MAX_ITEMS, maxLength = MAX_LENGTH } = dependencies
  const processId = randomUUID()
  const onDrop = (key: string, cause: 'expired' | 'evicted') =>
    metrics.cacheDrops.inc({ cache: familyOf(key), cause })

  const memory = memoryLayer({ maxItems, maxLength, onDrop })
  const readings = sharedReadings()
  const versions = tagVersions(async (tags) => redis?.versions(tags))
  // Versions made while Redis could not be asked are this process's alone.
  const onTrusted = () => versions.forgetAll()
  const redis =
    dependencies.redis &&
    redisLayer({ redis: dependencies.redis, metrics, logger, processId, onTrusted })
  const store = layeredStore(memory, redis)
  const read = readThrough({ store, redis, onExpired: (key) => onDrop(key, 'expired') })

  function forgetHere(keys: readonly string[], tags: readonly string[]): void {
    for (const key of keys) {
      readings.outdate(key)
      memory.delete(key)
    }
    for (const tag of tags) versions.forget(tag)
  }

  const channel = forgetChannel(dependencies.redis, processId, {
    onForget: forgetHere,
    // Whatever was to be forgotten meanwhile may be here still.
    onGap() {
      readings.outdateAll()
      versions.forgetAll()
      memory.clear()
    },
  })

  async function forget(keys: readonly string[], tags: readonly string[]): Promise<void> {
    channel.wake()
    forgetHere(keys, tags)
    await redis?.forget({ keys, tags })
  }

  const count = ({ key, source }: Reading, isFirst: boolean) => {
    const own = source === 'load' ? 'miss' : source
    // Who joined a read got it from this process.
    metrics.cacheReads.inc({
      cache: familyOf(key),
      result: isFirst || own === 'stale' ? own : 'l1',
    })
  }

  async function begin(reading: Reading, policy: CachePolicy, load: Load<unknown>) {
    try {
      const value = await readings.run(reading, read(reading, policy, load))
      count(reading, true)
      return value
    } catch (error) {
      metrics.cacheReads.inc({ cache: familyOf(reading.key), result: 'miss' })
      logger.debug({ key: reading.key, error }, 'cache load failed')
      throw error
    }
  }

  async function readAged<T>(key: string, policy: CachePolicy, load: Load<T>): Promise<Aged<T>> {
    channel.wake()
    const tags = tagsOf(policy)
    // Known versions are not waited for, so that a read is under way as soon as it is asked.
    const current = versions.known(tags) ?? (await versions.find(tags))
    const running = readings.of(key, current)
    const reading = running?.reading ?? newReading(key, current, policy.shape)
    const value = await (running?.answer ?? begin(reading, policy, load))
    if (running !== undefined) count(reading, false)
    // One key has values of one type.
    return { value: value as T, stale: reading.source === 'stale' }
  }

  const cache: Cache = {
    through: async (key, policy, load) => (await cache.throughAged(key, policy, load)).value,
    throughAged: (key, policy, load) =>
      inSpan('cache through', { 'cache.family': familyOf(key) }, () =>
        readAged(entryKey(key), policy, load),
      ),
    delete: (key) => forget([entryKey(key)], []),
    deleteByTag: (tag) => forget([], [tag]),
  }
  return {
    cache,
    async close() {
      channel.close()
      redis?.stop()
      await store.close()
    },
  }
}
