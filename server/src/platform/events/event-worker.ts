import type { Kysely } from 'kysely'
import type { Clock } from '#platform/clock'
import type { Logger } from '#platform/telemetry'
import type { Broker, EventSink } from './broker.ts'
import type { EventConsumer } from './consumer.ts'
import { consumptionStore } from './consumption.store.ts'
import { type Deliver, delivery, type Retries } from './delivery.ts'
import type { EventTables } from './event.tables.ts'
import type { EventMetrics } from './event-metrics.ts'
import { cursorNames, type EventParties, readersByName } from './event-readers.ts'
import { lagOf } from './event-status.ts'
import { readFeed } from './feed-reader.ts'
import type { Leadership } from './leadership.ts'
import { upkeep } from './upkeep.ts'
import { type Pauses, withinTime } from './wait.ts'

export interface EventWorkerDependencies {
  db: Kysely<EventTables>
  leadership: Leadership
  /** Undefined: consumers read the feeds themselves. */
  broker: Broker | undefined
  parties: EventParties
  metrics: EventMetrics
  clock: Clock
  logger: Logger
  retries?: Retries
  idle?: Pauses
  failed?: Pauses
}

export interface EventWorker {
  /**
   * Stops taking events, lets what is being handled end, and gives leadership back. What takes
   * longer than some seconds is cut off by the process's end, and delivered again.
   */
  stop(): Promise<void>
}

/** Below the ten seconds after which a supervisor kills. */
const FINISH_WITHIN_MS = 6_000

/**
 * Passes events on until stopped. Any number of processes may run it: of those who must be alone
 * (the relay, readers of feeds, upkeep) one process has each, and another takes over.
 */
export function startEventWorker(dependencies: EventWorkerDependencies): EventWorker {
  const { db, leadership, broker, parties, metrics, logger } = dependencies
  const stopping = new AbortController()
  const { signal } = stopping
  const deliver = delivery(dependencies)
  metrics.lag.readFrom(() => lagOf(db, parties, { hasBroker: broker !== undefined }))

  const alone = [...readersByName(parties, { broker, deliver, metrics })].map(([name, readers]) =>
    leadership.lead(
      `events:${name}`,
      async (leading) => {
        await Promise.all(readers.map((reader) => readFeed(reader, dependencies, leading)))
      },
      signal,
    ),
  )
  const fed = parties.consumers.map(async (consumer) => {
    await broker?.consume(
      consumer,
      sinkOf(consumer, { db, deliver, metrics, logger }, signal),
      signal,
    )
  })
  const kept = leadership.lead(
    'events:upkeep',
    (leading) => upkeep({ ...dependencies, namesOf: namesIn(dependencies) }, leading),
    signal,
  )

  return {
    async stop() {
      stopping.abort()
      await withinTime(Promise.allSettled([...alone, ...fed, kept]), FINISH_WITHIN_MS)
      await leadership.close()
    },
  }
}

const namesIn =
  ({ parties, broker }: EventWorkerDependencies) =>
  (feed: EventParties['feeds'][number]) =>
    cursorNames(parties, feed, { hasBroker: broker !== undefined })

function sinkOf(
  consumer: EventConsumer,
  {
    db,
    deliver,
    metrics,
    logger,
  }: {
    db: Kysely<EventTables>
    deliver: Deliver
    metrics: EventMetrics
    logger: Logger
  },
  signal: AbortSignal,
): EventSink {
  const store = consumptionStore(db)
  return {
    take: (events) => deliver(consumer, events, signal),
    async giveUp(event, reason) {
      const consumed = await store.consumedIds(consumer.name, [event.id])
      if (consumed.has(event.id)) return
      await store.bury({ consumer: consumer.name, event, error: reason, attempts: 1 })
      metrics.dead.inc({ consumer: consumer.name })
      logger.error({ consumer: consumer.name, event_id: event.id, reason }, 'event is dead')
    },
  }
}
