import type { Kysely } from 'kysely'
import type { Logger } from '#platform/telemetry'
import type { EventConsumer } from './consumer.ts'
import { consumptionStore } from './consumption.store.ts'
import { errorText } from './error-text.ts'
import type { EventTables } from './event.tables.ts'
import type { EventMetrics } from './event-metrics.ts'
import { isOutage } from './outage.ts'

export interface RedriveDependencies {
  db: Kysely<EventTables>
  logger: Logger
  metrics: Pick<EventMetrics, 'consumed' | 'failed'>
}

const AT_ONCE = 100

/**
 * Tries a consumer's dead events again, those that somebody asked for, in order. One that fails
 * again stays dead until it is asked for anew; an outage ends the round.
 */
export async function redriveDead(
  consumer: EventConsumer,
  { db, logger, metrics }: RedriveDependencies,
  signal: AbortSignal,
): Promise<number> {
  const store = consumptionStore(db)
  const events = await store.listAskedFor(consumer.name, AT_ONCE)
  let done = 0
  for (const event of events) {
    if (signal.aborted) return done
    try {
      const effect = await consumer.handle([event], { signal })
      await db.transaction().execute(async (within) => {
        // It is marked as consumed since it died, so this alone tells whether it still waits.
        if ((await store.removeDead(consumer.name, event.id, within)) > 0) await effect?.(within)
      })
      done += 1
      metrics.consumed.inc({ consumer: consumer.name })
    } catch (error) {
      metrics.failed.inc({ consumer: consumer.name })
      logger.warn({ error, consumer: consumer.name, event_id: event.id }, 'redriven in vain')
      if (signal.aborted || isOutage(error)) return done
      await store.bury({ consumer: consumer.name, event, error: errorText(error), attempts: 1 })
    }
  }
  return done
}
