import type { Kysely } from 'kysely'
import type { Clock } from '#platform/clock'
import type { BusConfig } from '#platform/config'
import type { Logger } from '#platform/telemetry'
import type { Broker } from './broker.ts'
import { consumptionStore, type DeadEvent } from './consumption.store.ts'
import { cursorStore } from './cursor.store.ts'
import { delivery } from './delivery.ts'
import type { EventEnvelope } from './envelope.ts'
import { errorText } from './error-text.ts'
import type { EventTables } from './event.tables.ts'
import type { EventMetrics, FeedLag } from './event-metrics.ts'
import { cursorNames, type EventParties } from './event-readers.ts'
import { lagOf } from './event-status.ts'
import { type EventWorker, startEventWorker } from './event-worker.ts'
import { readsItself, unknownConsumer } from './events.errors.ts'
import type { FeedPosition } from './feed.ts'
import { leadership } from './leadership.ts'
import { openBroker } from './open-broker.ts'
import { type ReplayOptions, replayConsumer, replayReader } from './replay.ts'

export interface EventSystemDependencies {
  db: Kysely<EventTables>
  /** Of PostgreSQL itself, for locks that live as long as a connection. */
  directUrl: string
  bus: BusConfig
  /** Names the process: `music-language worker`. */
  processName: string
  parties: EventParties
  metrics: EventMetrics
  clock: Clock
  logger: Logger
}

export interface EventSystem {
  /** Passes events on in this process until stopped. */
  startWorker(): Promise<EventWorker>
  /** How far each reader lags behind. */
  status(): Promise<FeedLag[]>
  /** Where the slowest of a feed's readers stands: what lies before it was passed on. */
  slowest(feedName: string): Promise<FeedPosition>
  listDead(filter: { consumer?: string; limit: number }): Promise<DeadEvent[]>
  /**
   * Has a worker try a consumer's dead events again, or one of them. @returns how many.
   * @throws AppError `events.unknown_consumer`, `events.reads_itself`
   */
  redrive(consumer: string, eventId?: string): Promise<number>
  /** Keeps an event that a reader of a feed cannot take among the dead ones, so that it goes on. */
  putAside(reader: string, event: EventEnvelope, error: unknown): Promise<void>
  /**
   * Gives a consumer again what happened since a time. @returns how many events were given.
   * @throws AppError `events.unknown_consumer`
   */
  replay(consumer: string, options: ReplayOptions): Promise<number>
  /** Call when the worker has stopped. @throws never: gives what failed. */
  close(): Promise<unknown[]>
}

export function eventSystem(dependencies: EventSystemDependencies): EventSystem {
  const { db, bus, parties, clock, logger, processName } = dependencies
  const hasBroker = bus.kind !== 'database'
  const dead = consumptionStore(db)
  let opened: Promise<Broker | undefined> | undefined

  function broker(): Promise<Broker | undefined> {
    const { consumers } = parties
    opened ??= openBroker(bus, { name: processName, consumers, clock, logger })
    return opened
  }

  const consumerNamed = (name: string) => parties.consumers.find((one) => one.name === name)
  const names = () => [
    ...parties.consumers.map(({ name }) => name),
    ...parties.readers.map(({ consumer }) => consumer),
  ]
  const readerNamed = (name: string) => parties.readers.find((one) => one.consumer === name)

  return {
    async startWorker() {
      const leaders = leadership({
        databaseUrl: dependencies.directUrl,
        applicationName: `${processName} leader`,
        logger,
      })
      return startEventWorker({ ...dependencies, leadership: leaders, broker: await broker() })
    },
    status: () => lagOf(db, parties, { hasBroker }),
    async slowest(feedName) {
      const feed = parties.feeds.find(({ name }) => name === feedName)
      const readers = feed === undefined ? [] : cursorNames(parties, feed, { hasBroker })
      return cursorStore(db).slowest(feedName, readers)
    },
    listDead: (filter) => dead.listDead(filter),
    async redrive(name, eventId) {
      if (readerNamed(name) !== undefined) throw readsItself(name)
      if (consumerNamed(name) === undefined) throw unknownConsumer(name, names())
      return dead.askRedrive(name, eventId)
    },
    async putAside(consumer, event, error) {
      await dead.bury({ consumer, event, error: errorText(error), attempts: 1 })
      dependencies.metrics.dead.inc({ consumer })
      logger.error({ error, consumer, event_id: event.id }, 'event is dead')
    },
    async replay(name, options) {
      const reader = readerNamed(name)
      if (reader !== undefined) return replayReader(reader, { db }, options)
      const consumer = consumerNamed(name)
      if (consumer === undefined) throw unknownConsumer(name, names())
      const { feeds } = parties
      const deliver = delivery(dependencies)
      return replayConsumer(consumer, { db, broker: await broker(), feeds, deliver }, options)
    },
    async close() {
      const [closed] = await Promise.allSettled([opened?.then((broker) => broker?.close())])
      return closed.status === 'rejected' ? [closed.reason] : []
    },
  }
}
