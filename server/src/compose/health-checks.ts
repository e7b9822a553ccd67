import { once } from 'node:events'
import type { HealthCheck } from '#platform/http'
import type { Redis } from '#platform/redis'
import type { Platform } from './platform-parts.ts'

/** What requests are answered with. Without the database nothing can be; the rest has a way round. */
export function healthChecks({ database, redis }: Platform): HealthCheck[] {
  const checks = [{ name: 'database', required: true, check: database.checkReady }]
  if (redis === undefined) return checks
  return [...checks, { name: 'cache', required: false, check: () => answers(redis) }]
}

const CONNECT_TIMEOUT_MS = 1_000

async function answers(redis: Redis): Promise<void> {
  const client = redis.client()
  if (client.status !== 'ready') {
    await once(client, 'ready', { signal: AbortSignal.timeout(CONNECT_TIMEOUT_MS) })
  }
  await client.ping()
}
