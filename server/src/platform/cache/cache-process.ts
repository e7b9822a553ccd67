import { Type } from 'typebox'
import { expect } from 'vitest'
import { openRedis } from '#platform/redis'
import { createLogger, createMetrics } from '#platform/telemetry'
import type { CachePolicy, Load } from './cache.ts'
import { createCache } from './create-cache.ts'

/** A value that processes share, and is a text. */
export const SHARED: CachePolicy = { ttlSeconds: 60, shape: Type.String() }

let processes = 0

/** A process as a test sees it: the cache over a Redis, what it logs and what it counts. */
export function cacheProcess(url: string, commandTimeoutMs = 150) {
  const lines: string[] = []
  const logger = createLogger(
    { logLevel: 'info' },
    { service: 'test' },
    { write: (line: string) => lines.push(line) },
  )
  const metrics = createMetrics()
  processes += 1
  const role = `test-${processes}`
  const redis = openRedis({ url, commandTimeoutMs }, { logger, role })
  const { cache, close } = createCache({ metrics, logger, redis })

  async function sum(counter: 'cacheReads' | 'cacheRemoteFailures', label: string) {
    const { values } = await metrics[counter].get()
    return values
      .filter(({ labels }) => Object.values(labels).includes(label))
      .reduce((total, { value }) => total + value, 0)
  }
  const up = async () => (await metrics.cacheRemoteUp.get()).values[0]?.value

  /** Asks Redis itself, as messages before that are missed by right. */
  async function isListening(): Promise<boolean> {
    const clients = await redis.client().client('LIST')
    const own = String(clients).split('\n')
    return own.some((line) => line.includes(` name=${role}-ml-cache`) && line.includes(' sub=1 '))
  }

  async function isBack(): Promise<void> {
    await expect.poll(up, { timeout: 10_000 }).toBe(1)
    await expect.poll(isListening, { timeout: 10_000 }).toBe(true)
  }

  return {
    cache,
    lines,
    redis: redis.client,
    /** Reads what is kept for a key, or else gives and keeps this. */
    read: (key: string, value: string, policy = SHARED) =>
      cache.through(key, policy, async () => value),
    load: (key: string, load: Load<string>, policy = SHARED) => cache.through(key, policy, load),
    reads: (result: 'l1' | 'l2' | 'stale' | 'miss') => sum('cacheReads', result),
    failures: (operationOrCause: string) => sum('cacheRemoteFailures', operationOrCause),
    /** Waits until it shares; it tries from its first use on. */
    async shares(): Promise<void> {
      await cache.through('warm-up', SHARED, async () => '')
      await isBack()
    },
    /** Waits until it has given Redis up. */
    isAlone: () => expect.poll(up, { timeout: 10_000 }).toBe(0),
    /** Waits until it has found Redis again, and hears others. */
    isBack,
    async close(): Promise<void> {
      await close()
      redis.close()
    },
  }
}

export type CacheProcess = ReturnType<typeof cacheProcess>
