import { BentoCache, bentostore, errors } from 'bentocache'
import { memoryDriver } from 'bentocache/drivers/memory'
import { inSpan, type Logger, type Metrics } from '#platform/telemetry'

export interface CacheEntryPolicy {
  ttlSeconds: number
  /** How long past its time a value may still be served while its source fails. Default 0. */
  staleSeconds?: number
}

/** A value, and whether it is past its time and stands in for one that could not be loaded. */
export interface Aged<T> {
  value: T
  stale: boolean
}

/** What a load may say of the value that it gives. */
export interface Loading {
  /** Keeps the value this long instead of the policy's `ttlSeconds`: it is not new any more. */
  keepFor(seconds: number): void
}

export type Load<T> = (loading: Loading) => Promise<T>

/**
 * Cache-aside: a dead cache is a miss, never an error; equal reads at once run one `load` and share
 * what it gives or throws. What is shared must not be changed.
 */
export interface Cache {
  /**
   * The cached value, or what `load` gives, which is then kept. When `load` fails and a value not
   * older than `ttlSeconds + staleSeconds` is at hand, that value is given instead.
   * @throws whatever `load` throws, when there is nothing to serve.
   */
  through<T>(key: string, policy: CacheEntryPolicy, load: Load<T>): Promise<T>
  /** The same, and whether the value is stale. */
  throughAged<T>(key: string, policy: CacheEntryPolicy, load: Load<T>): Promise<Aged<T>>
  /** Forgets the value, and does not keep the one that is being loaded. */
  delete(key: string): Promise<void>
}

export interface CacheDependencies {
  metrics: Metrics
  logger: Logger
  /** Upper bound of the in-process layer. */
  maxItems?: number
}

/** A read under way. */
interface Reading<T> {
  answer: Promise<Aged<T>>
  /** Its key was deleted: what it loads is given to those who wait, and not kept. */
  outdate(): void
}

/** The part of a key before its first colon names the cache in metrics: `lyrics:…` → `lyrics`. */
const family = (key: string) => key.slice(0, Math.max(key.indexOf(':'), 0)) || key

export function createCache({ metrics, logger, maxItems = 20_000 }: CacheDependencies): {
  cache: Cache
  close(): Promise<void>
} {
  const store = bentostore().useL1Layer(memoryDriver({ maxItems, serialize: true }))
  const bento = new BentoCache({ default: 'main', stores: { main: store } })
  const readings = new Map<string, Reading<unknown>>()
  const count = (key: string, result: 'hit' | 'stale' | 'miss') =>
    metrics.cacheReads.inc({ cache: family(key), result })

  async function read<T>(
    key: string,
    { ttlSeconds, staleSeconds = 0 }: CacheEntryPolicy,
    load: Load<T>,
    isOutdated: () => boolean,
  ): Promise<Aged<T>> {
    const run: { asked: boolean; loaded?: { value: T } } = { asked: false }
    const kept = await bento.getOrSet<{ value: T } | undefined>({
      key,
      ttl: ttlSeconds * 1000,
      // Counted from when the value was loaded, not from when its time is over.
      grace: staleSeconds > 0 ? (ttlSeconds + staleSeconds) * 1000 : false,
      // A back-off writes the old value again, which then lives for as long as its source is down,
      // and passes for a fresh one while the back-off lasts.
      graceBackoff: null,
      timeout: null,
      factory: async ({ setOptions, skip }) => {
        run.asked = true
        const keepFor = (seconds: number) => setOptions({ ttl: seconds * 1000 })
        // Boxed, since bentocache refuses `undefined` and a miss (`null`) is worth keeping.
        run.loaded = { value: await load({ keepFor }) }
        return isOutdated() ? skip() : run.loaded
      },
      onFactoryError: (error) => logger.debug({ key, error }, 'cache load failed'),
    })
    const boxed = run.loaded ?? kept
    if (boxed === undefined) throw new Error('The cache gave neither a value nor an error')
    // A value came though its load failed: an old one.
    const stale = run.asked && run.loaded === undefined
    count(key, run.loaded !== undefined ? 'miss' : stale ? 'stale' : 'hit')
    return { value: boxed.value, stale }
  }

  function begin<T>(key: string, policy: CacheEntryPolicy, load: Load<T>): Reading<T> {
    let outdated = false
    const answer = read(key, policy, load, () => outdated).catch((error: unknown) => {
      count(key, 'miss')
      throw error instanceof errors.E_FACTORY_ERROR ? error.cause : error
    })
    const outdate = () => {
      outdated = true
    }
    return { answer, outdate }
  }

  /** bentocache lets equal reads wait for one load; but when that fails, each would run its own. */
  async function readOnce<T>(key: string, policy: CacheEntryPolicy, load: Load<T>) {
    const running = readings.get(key)
    if (running !== undefined) {
      const aged = await running.answer
      count(key, aged.stale ? 'stale' : 'hit')
      // One key has values of one type.
      return aged as Aged<T>
    }
    const reading = begin(key, policy, load)
    readings.set(key, reading)
    try {
      return await reading.answer
    } finally {
      if (readings.get(key) === reading) readings.delete(key)
    }
  }

  const cache: Cache = {
    through: async (key, policy, load) => (await cache.throughAged(key, policy, load)).value,

    throughAged: (key, policy, load) =>
      inSpan('cache through', { 'cache.family': family(key) }, () => readOnce(key, policy, load)),

    async delete(key) {
      readings.get(key)?.outdate()
      readings.delete(key)
      await bento.delete({ key })
    },
  }
  return { cache, close: () => bento.disconnectAll() }
}
