import { errors } from 'bentocache'
import type { CachePolicy, Load } from './cache.ts'
import type { LayeredStore } from './layered-store.ts'
import { leadOrWait } from './lead.ts'
import type { Reading } from './reading.ts'
import type { RedisLayer } from './redis-layer.ts'
import type { Kept } from './stored-entry.ts'

export interface ReadDependencies {
  store: LayeredStore
  redis: RedisLayer | undefined
  /** Told of a value whose time was over when it was asked for. */
  onExpired(key: string): void
}

/** What bentocache lets a load say. */
interface LoadContext {
  setOptions(options: { ttl: number; skipL2Write?: boolean }): void
  skip(): undefined
  gracedEntry?: { value: unknown } | undefined
}

/** Times in ms, as bentocache counts them. */
function timesOf({ ttlSeconds, staleSeconds = 0 }: CachePolicy) {
  return {
    ttl: ttlSeconds * 1000,
    // Counted from when the value was loaded, not from when its time is over.
    grace: staleSeconds > 0 ? (ttlSeconds + staleSeconds) * 1000 : (false as const),
    // A back-off writes the old value again, which then lives for as long as its source is down,
    // and passes for a fresh one while the back-off lasts.
    graceBackoff: null,
    timeout: null,
  }
}

/** Reads through the layers, and loads what none of them has. */
export function readThrough({ store, redis, onExpired }: ReadDependencies) {
  /** From the process that loads it for all, else from its source. */
  async function obtain(reading: Reading, load: Load<unknown>, context: LoadContext) {
    const { entry, isMine } = await leadOrWait(redis, reading)
    reading.isLead = isMine
    if (entry !== undefined) {
      reading.source = 'l2'
      context.setOptions({ ttl: entry.logicalExpiration - Date.now(), skipL2Write: true })
      return entry.value
    }
    const keepFor = (seconds: number) => context.setOptions({ ttl: seconds * 1000 })
    reading.loaded = { value: await load({ keepFor }), versions: reading.versions }
    reading.source = 'load'
    return reading.loaded
  }

  async function read(reading: Reading, policy: CachePolicy, load: Load<unknown>) {
    const found = await store.storeOf(reading).getOrSet<Kept | undefined>({
      key: reading.key,
      ...timesOf(policy),
      factory: async (context: LoadContext) => {
        if (context.gracedEntry !== undefined) onExpired(reading.key)
        const kept = await obtain(reading, load, context)
        if (reading.isOutdated) return context.skip()
        reading.isKept = true
        return kept
      },
      // If a value comes all the same, it is an old one.
      onFactoryError: () => {
        reading.source = 'stale'
      },
    })
    const kept = reading.loaded ?? found
    if (kept === undefined) throw new Error('The cache gave neither a value nor an error')
    return kept.value
  }

  async function end(reading: Reading): Promise<void> {
    const { key, isKept, isOutdated, isLead } = reading
    // Forgotten after it was handed on: it may have reached Redis after the deletion did.
    if (isKept && isOutdated) await redis?.forget({ keys: [key], tags: [] })
    // Not waited for: others look again soon anyway.
    if (isLead) void redis?.endLead(key)
  }

  return (reading: Reading, policy: CachePolicy, load: Load<unknown>): Promise<unknown> =>
    store.within(reading, async () => {
      try {
        return await read(reading, policy, load)
      } catch (error) {
        throw error instanceof errors.E_FACTORY_ERROR ? error.cause : error
      } finally {
        await end(reading)
      }
    })
}
