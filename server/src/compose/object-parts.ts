import { join } from 'node:path'
import type { Clock } from '#platform/clock'
import type { Config } from '#platform/config'
import { objectStore, verifiedCopies } from '#platform/objects'
import type { Logger, Metrics } from '#platform/telemetry'

/** Of models: the active one, and what to fall back to. */
const COPIES_KEPT = 3

interface Dependencies {
  clock: Clock
  logger: Logger
  metrics: Metrics
}

/** The store, and what reads from it even while it is away: of files there need be no copies. */
export function objectParts(config: Config, { clock, logger, metrics }: Dependencies) {
  const objects = objectStore(config.objects, {
    clock,
    observe: ({ operation, outcome, durationMs }) =>
      metrics.objectDuration.observe({ operation, outcome }, durationMs / 1000),
  })
  if (config.objects.kind === 'files') return { objects, copiedObjects: objects }
  const folder = join(config.dataDir, 'object-copies')
  const copies = objectStore({ kind: 'files', folder }, { clock })
  return { objects, copiedObjects: verifiedCopies({ objects, copies, keep: COPIES_KEPT, logger }) }
}
