import {
  type AnalyticsTables,
  EVENT_TYPES,
  erasureStore,
  eventCatalogue,
  eventErasure,
  eventFeed,
  eventIntake,
  eventPartitions,
  eventStore,
  eventWriter,
  INTAKE_LANES,
  intakeMetrics,
  partitionStore,
} from '#domains/analytics'
import type { UserConsents } from '#domains/profile'
import { openStatements } from '#platform/db'
import { type FeedPosition, outbox } from '#platform/events'
import type { Platform } from './platform-parts.ts'

interface Dependencies {
  consents: UserConsents
  /** Where the slowest reader of the stored events stands. */
  slowestReader: () => Promise<FeedPosition>
}

export function analyticsParts(platform: Platform, { consents, slowestReader }: Dependencies) {
  const { config, role, db, clock, logger, metrics } = platform
  const tables = db.$pickTables<keyof AnalyticsTables>()
  const statements = openStatements({
    ...config.database,
    connections: INTAKE_LANES,
    applicationName: `music-language ${role} events`,
    onIdleError: (error) => logger.warn({ error }, 'a database connection was lost'),
  })
  const partitions = eventPartitions({
    store: partitionStore(tables),
    slowestReader,
    clock,
    logger,
    retentionMonths: config.analytics.retentionMonths,
  })
  const { addMonths } = partitions
  const catalogue = eventCatalogue(EVENT_TYPES)
  const intake = eventIntake({
    catalogue,
    allowsAnalytics: (userId) => consents.isGranted(userId, 'analytics'),
    write: eventWriter({ store: eventStore(statements.run), addMonths, clock }),
    metrics: intakeMetrics(metrics.registry),
    clock,
    logger,
  })
  return {
    intake,
    eventCatalogue: catalogue,
    eventPartitions: partitions,
    eventErasure: eventErasure({ store: erasureStore(tables), outbox: outbox({ clock }), clock }),
    eventFeed: eventFeed(tables),
    /** Writes what was taken, then lets go of the connections. @throws never: gives what failed. */
    async closeAnalytics(): Promise<unknown[]> {
      await intake.close()
      const [closed] = await Promise.allSettled([statements.close()])
      return closed.status === 'rejected' ? [closed.reason] : []
    },
  }
}
