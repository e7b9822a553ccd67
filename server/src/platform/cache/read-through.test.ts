import { Type } from 'typebox'
import { describe, expect, it } from 'vitest'
import { layeredStore } from './layered-store.ts'
import { memoryLayer } from './memory-layer.ts'
import { readThrough } from './read-through.ts'
import { newReading } from './reading.ts'
import type { RedisLayer } from './redis-layer.ts'

const POLICY = { ttlSeconds: 60, shape: Type.String() }
const entryOf = (value: string) => {
  const parts = {
    value: { value, versions: 'v' },
    createdAt: Date.now(),
    logicalExpiration: Date.now() + 60_000,
  }
  return { ...parts, text: JSON.stringify(parts) }
}

/** Reads over a Redis that does as the test says. */
function setUp(redis: Partial<RedisLayer>) {
  const forgotten: string[] = []
  const calm: RedisLayer = {
    isTrusted: true,
    find: async () => undefined,
    write: async () => true,
    versions: async () => undefined,
    forget: async ({ keys }) => void forgotten.push(...keys),
    takeLead: async () => 'mine',
    endLead: async () => undefined,
    stop: () => undefined,
  }
  const memory = memoryLayer({ maxItems: 10, maxLength: 10_000, onDrop: () => undefined })
  const layers = { ...calm, ...redis }
  const store = layeredStore(memory, layers)
  const read = readThrough({ store, redis: layers, onExpired: () => undefined })
  const reading = newReading('a:1', 'v', POLICY.shape)
  return { read, reading, memory, forgotten }
}

describe('a read of what is forgotten meanwhile', () => {
  it('does not believe what Redis had said before', async () => {
    const { promise, resolve } = Promise.withResolvers<ReturnType<typeof entryOf>>()
    const { read, reading, memory } = setUp({ find: () => promise })
    const answer = read(reading, POLICY, async () => 'new')
    reading.isOutdated = true
    resolve(entryOf('old'))
    expect(await answer).toBe('new')
    expect(memory.get('a:1', 'v')).toBeUndefined()
  })

  it('has Redis forget again what may have reached it after the deletion', async () => {
    const { read, reading, forgotten } = setUp({
      async write() {
        reading.isOutdated = true
        return true
      },
    })
    await read(reading, POLICY, async () => 'old')
    expect(forgotten).toEqual(['a:1'])
  })

  it('forgets nothing that nobody deleted', async () => {
    const { read, reading, memory, forgotten } = setUp({})
    await read(reading, POLICY, async () => 'new')
    expect(forgotten).toEqual([])
    expect(memory.get('a:1', 'v')).toContain('new')
  })
})

describe('a read that another process is loading for', () => {
  it('takes its value, for as long as that has left', async () => {
    const entry = { ...entryOf('theirs'), logicalExpiration: Date.now() + 30_000 }
    let looks = 0
    const { read, reading, memory } = setUp({
      takeLead: async () => 'taken',
      find: async () => (++looks < 3 ? undefined : entry),
    })
    expect(await read(reading, POLICY, async () => 'own')).toBe('theirs')
    expect(reading.source).toBe('l2')
    expect(memory.remainingMs('a:1')).toBeLessThanOrEqual(30_000)
  })

  it('loads by itself as soon as Redis cannot tell', async () => {
    const { read, reading } = setUp({ takeLead: async () => 'unknown' })
    expect(await read(reading, POLICY, async () => 'own')).toBe('own')
  })
})
