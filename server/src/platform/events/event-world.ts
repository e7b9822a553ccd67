import { v7 as uuidv7 } from 'uuid'
import { type Database, openDatabase } from '#platform/db'
import { createLogger, createMetrics } from '#platform/telemetry'
import { createTestDatabase } from '#test'
import type { Broker } from './broker.ts'
import type { EventConsumer } from './consumer.ts'
import type { EventEnvelope } from './envelope.ts'
import type { EventTables } from './event.tables.ts'
import { eventMetrics } from './event-metrics.ts'
import type { EventParties } from './event-readers.ts'
import { type EventWorker, startEventWorker } from './event-worker.ts'
import { leadership } from './leadership.ts'
import { type AnyTransaction, outbox } from './outbox.ts'
import { outboxFeed } from './outbox-feed.ts'

export const clock = { now: () => new Date() }
export const silent = createLogger({ logLevel: 'silent' }, { service: 'test' })

/** So that what must happen soon is seen soon. */
export const BRISK = { firstMs: 5, lastMs: 20 }

export type EventWorld = Awaited<ReturnType<typeof createEventWorld>>

/** A database with an outbox, in which tests start and stop workers. */
export async function createEventWorld() {
  const database = await createTestDatabase()
  const opened: Database<EventTables> = openDatabase<EventTables>({
    url: database.url,
    poolMax: 10,
    statementTimeoutMs: 10_000,
    applicationName: 'test',
  })
  const { db } = opened
  const workers = new Set<EventWorker>()
  const { append } = outbox({ clock })

  return {
    db,
    url: database.url,
    /** Appends one event for each number, in one transaction. */
    async append(key: string, numbers: readonly number[], within: AnyTransaction = db) {
      const messages = numbers.map((n) => ({ topic: 'test.counted', key, payload: { n } }))
      await append(within, messages)
    },
    async appendMessage(topic: string, payload: { n: number }) {
      const id = uuidv7()
      await append(db, [{ id, topic, key: 'some', payload }])
      return id
    },
    start(parties: Partial<EventParties> & { broker?: Broker | undefined }): EventWorker {
      const { broker, feeds = [outboxFeed(db)], consumers = [], readers = [] } = parties
      const worker = startEventWorker({
        db,
        leadership: leadership({
          databaseUrl: database.url,
          applicationName: 'test leader',
          logger: silent,
          retryMs: 20,
        }),
        broker,
        parties: { feeds, consumers, readers },
        metrics: eventMetrics(createMetrics().registry),
        clock,
        logger: silent,
        retries: { limit: 3, ...BRISK },
        idle: BRISK,
        failed: BRISK,
      })
      workers.add(worker)
      return worker
    },
    async stopAll() {
      await Promise.all([...workers].map((worker) => worker.stop()))
      workers.clear()
    },
    async close() {
      await this.stopAll()
      await opened.close()
      await database.drop()
    },
  }
}

export const numberOf = ({ payload }: EventEnvelope): number => Number(payload['n'])

/** Keeps the numbers that it is given; `refuse` may throw instead. */
export function countingConsumer(
  name: string,
  refuse: (event: EventEnvelope) => void = () => undefined,
) {
  const seen: { key: string; n: number }[] = []
  const consumer: EventConsumer = {
    name,
    topics: ['test.counted'],
    async handle(events) {
      for (const event of events) refuse(event)
      return async () => {
        seen.push(...events.map((event) => ({ key: event.key, n: numberOf(event) })))
      }
    },
  }
  return { consumer, seen, numbers: () => seen.map(({ n }) => n) }
}
