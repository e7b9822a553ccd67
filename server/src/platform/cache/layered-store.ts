import { AsyncLocalStorage } from 'node:async_hooks'
import { BentoCache, bentostore } from 'bentocache'
import type { L1CacheDriver, L2CacheDriver } from 'bentocache/types'
import type { MemoryLayer } from './memory-layer.ts'
import type { Reading } from './reading.ts'
import type { RedisLayer } from './redis-layer.ts'
import { isAnswer } from './stored-entry.ts'

/** bentocache asks its drivers by key alone; whose question it is, they see from its context. */
type Context = AsyncLocalStorage<Reading>

function memoryDriver(memory: MemoryLayer, context: Context): L1CacheDriver {
  const versions = () => context.getStore()?.versions ?? ''
  const get = (key: string) => memory.get(key, versions())
  const driver: L1CacheDriver = {
    type: 'l1',
    namespace: () => driver,
    get,
    pull(key) {
      const text = get(key)
      memory.delete(key)
      return text
    },
    set(key, text, ttlMs = Number.POSITIVE_INFINITY) {
      if (context.getStore()?.isOutdated === true) return false
      memory.set(key, text, versions(), ttlMs)
      return true
    },
    getRemainingTtl: memory.remainingMs,
    delete: memory.delete,
    deleteMany: (keys) => keys.map(memory.delete).includes(true),
    clear: memory.clear,
    disconnect: memory.clear,
  }
  return driver
}

function redisDriver(redis: RedisLayer, context: Context): L2CacheDriver {
  async function get(key: string): Promise<string | undefined> {
    const reading = context.getStore()
    const entry = await redis.find(key)
    if (entry === undefined || reading === undefined || !isAnswer(entry, reading)) return undefined
    // Forgotten while Redis was asked.
    if (reading.isOutdated) return undefined
    reading.source = 'l2'
    return entry.text
  }
  async function forget(keys: string[]): Promise<boolean> {
    await redis.forget({ keys, tags: [] })
    return true
  }
  const driver: L2CacheDriver = {
    type: 'l2',
    namespace: () => driver,
    get,
    async pull(key) {
      const text = await get(key)
      await forget([key])
      return text
    },
    set: async (key, text, ttlMs) =>
      context.getStore()?.isOutdated !== true && (await redis.write(key, text, ttlMs)),
    delete: (key) => forget([key]),
    deleteMany: forget,
    // Not ours to empty: others share it.
    clear: async () => {},
    disconnect: async () => {},
  }
  return driver
}

/**
 * bentocache over our layers: `own` stays in memory, `shared` goes on to Redis. Its bus and its tags
 * are not used. The bus ends the process when Redis is down at the start; the tags compare clocks
 * of different machines, rely on no message being lost, and let live what was being loaded while
 * its tag was deleted.
 */
export function layeredStore(memory: MemoryLayer, redis: RedisLayer | undefined) {
  const context: Context = new AsyncLocalStorage()
  const l1 = { options: { serialize: true }, factory: () => memoryDriver(memory, context) }
  const own = bentostore().useL1Layer(l1)
  const shared = bentostore().useL1Layer(l1)
  if (redis !== undefined) {
    shared.useL2Layer({ options: {}, factory: () => redisDriver(redis, context) })
  }
  const bento = new BentoCache({ default: 'own', stores: { own, shared } })

  return {
    /** Runs what reads or writes for a reading. */
    within: <T>(reading: Reading, action: () => Promise<T>) => context.run(reading, action),
    storeOf: ({ shape }: Reading) => bento.use(shape === undefined ? 'own' : 'shared'),
    close: () => bento.disconnectAll(),
  }
}

export type LayeredStore = ReturnType<typeof layeredStore>
