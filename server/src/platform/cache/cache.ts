import { BentoCache, bentostore, errors } from 'bentocache'
import { memoryDriver } from 'bentocache/drivers/memory'
import { inSpan, type Logger, type Metrics } from '#platform/telemetry'

export interface CacheEntryPolicy {
  ttlSeconds: number
  /** How long past its time a value may still be served while its source fails. Default 0. */
  staleSeconds?: number
}

/** Cache-aside: a dead cache is a miss, never an error; equal misses at once run one `load`. */
export interface Cache {
  /**
   * The cached value, or what `load` gives, which is then kept. When `load` fails and a value not
   * older than `ttlSeconds + staleSeconds` is at hand, that value is given instead.
   * @throws whatever `load` throws, when there is nothing to serve.
   */
  through<T>(key: string, policy: CacheEntryPolicy, load: () => Promise<T>): Promise<T>
  delete(key: string): Promise<void>
}

export interface CacheDependencies {
  metrics: Metrics
  logger: Logger
  /** Upper bound of the in-process layer. */
  maxItems?: number
}

/** The part of a key before its first colon names the cache in metrics: `lyrics:…` → `lyrics`. */
const family = (key: string) => key.slice(0, Math.max(key.indexOf(':'), 0)) || key

export function createCache({ metrics, logger, maxItems = 20_000 }: CacheDependencies): {
  cache: Cache
  close(): Promise<void>
} {
  const store = bentostore().useL1Layer(memoryDriver({ maxItems, serialize: true }))
  const bento = new BentoCache({ default: 'main', stores: { main: store } })
  bento.on('cache:hit', ({ key, graced }) => {
    metrics.cacheReads.inc({ cache: family(key), result: graced ? 'stale' : 'hit' })
  })
  bento.on('cache:miss', ({ key }) =>
    metrics.cacheReads.inc({ cache: family(key), result: 'miss' }),
  )

  const cache: Cache = {
    through(key, { ttlSeconds, staleSeconds = 0 }, load) {
      return inSpan('cache through', { 'cache.family': family(key) }, async () => {
        try {
          const boxed = await bento.getOrSet({
            key,
            ttl: ttlSeconds * 1000,
            grace: staleSeconds > 0 ? staleSeconds * 1000 : false,
            timeout: null,
            // Boxed, since bentocache refuses `undefined` and a miss (`null`) is worth keeping.
            factory: async () => ({ value: await load() }),
            onFactoryError: (error) => logger.debug({ key, error }, 'cache load failed'),
          })
          return boxed.value
        } catch (error) {
          throw error instanceof errors.E_FACTORY_ERROR ? error.cause : error
        }
      })
    },
    async delete(key) {
      await bento.delete({ key })
    },
  }
  return { cache, close: () => bento.disconnectAll() }
}
