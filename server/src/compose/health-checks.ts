import type { HealthCheck } from '#platform/http'
import type { Platform } from './platform-parts.ts'

/** What requests are answered with. Without the database nothing can be; the rest has a way round. */
export function healthChecks({ database }: Platform): HealthCheck[] {
  return [{ name: 'database', required: true, check: database.checkReady }]
}
