import { setTimeout as pause } from 'node:timers/promises'
import { errorCode } from '#platform/errors'
import {
  closeConnectionsWhenDraining,
  drain,
  type Health,
  type HealthCheck,
  type HttpServer,
  healthOf,
} from '#platform/http'
import type { Logger } from '#platform/telemetry'

export interface HttpServiceOptions {
  checks: readonly HealthCheck[]
  /** Builds the app, which shows the health that it is given. */
  app: (health: Health) => Promise<HttpServer>
  host: string
  port: number
  drainMs: number
  logger: Logger
}

export interface HttpService {
  url: string
  /** Becomes unready, serves on for a while, then ends; see `drain`. */
  stop(hurry: AbortSignal): Promise<void>
}

/** Between looks at what a start waits for; the last repeats. */
const WAITS_MS = [250, 500, 1_000, 2_000, 5_000]

/**
 * Serves HTTP. Listens at once, whatever else is away: the process then is alive and not ready,
 * which a balancer understands, and says in its log what it waits for.
 */
export async function startHttpService(options: HttpServiceOptions): Promise<HttpService> {
  const { checks, host, port, drainMs, logger } = options
  const health = healthOf(checks, {
    onChange(name, state, error) {
      if (state === 'ok') logger.info({ check: name }, `${name} works again`)
      else logger.warn({ check: name, reason: reasonOf(error) }, `${name} does not work`)
    },
  })
  const app = await options.app(health)
  const draining = closeConnectionsWhenDraining(app)
  const url = await app.listen({ host, port })
  const stopped = new AbortController()
  void announceReadiness(health, logger, stopped.signal)
  return {
    url,
    async stop(hurry) {
      stopped.abort()
      health.stop()
      draining.begin()
      await drain(app, { drainMs, hurry, logger })
    },
  }
}

async function announceReadiness(health: Health, logger: Logger, stopped: AbortSignal) {
  for (let attempt = 0; !stopped.aborted; attempt += 1) {
    const report = await health.report().catch(() => undefined)
    if (report !== undefined) {
      logger.info(report, 'ready')
      return
    }
    const waitMs = WAITS_MS[attempt] ?? WAITS_MS.at(-1)
    await pause(waitMs, undefined, { signal: stopped, ref: false }).catch(() => undefined)
  }
}

/** In one line: what the driver or the network said. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const code = errorCode(error)
  return [error.message || error.name, code].filter(Boolean).join(' ')
}
