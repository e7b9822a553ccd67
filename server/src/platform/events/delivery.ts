import type { Kysely } from 'kysely'
import { inSpan, type Logger } from '#platform/telemetry'
import type { EventConsumer } from './consumer.ts'
import { type ConsumptionStore, consumptionStore } from './consumption.store.ts'
import type { EventEnvelope } from './envelope.ts'
import { errorText } from './error-text.ts'
import type { EventTables } from './event.tables.ts'
import type { EventMetrics } from './event-metrics.ts'
import { isOutage } from './outage.ts'
import { type Pauses, pauseMs, waitAbout } from './wait.ts'

/** How often and how patiently an event is tried before it counts as dead. */
export interface Retries extends Pauses {
  /** Tries in all, at least 1. */
  limit: number
}

const RETRIES: Retries = { limit: 5, firstMs: 200, lastMs: 5_000 }

export interface DeliveryDependencies {
  db: Kysely<EventTables>
  logger: Logger
  metrics: Pick<EventMetrics, 'consumed' | 'failed' | 'dead'>
  retries?: Retries
}

/** The events that the consumer could not take; all others are consumed. */
export type Deliver = (
  consumer: EventConsumer,
  events: readonly EventEnvelope[],
  signal: AbortSignal,
) => Promise<ReadonlySet<string>>

const NONE: ReadonlySet<string> = new Set()

/** Another process consumed some of the events meanwhile; what remains of them is tried again. */
class ConsumedMeanwhileError extends Error {}

/**
 * Hands events to a consumer so that each takes effect once, whatever delivers them and however
 * often. Resolves when all are consumed or dead. @throws once `signal` is aborted; what is not
 * consumed by then must be delivered again.
 */
export function delivery({
  db,
  logger,
  metrics,
  retries = RETRIES,
}: DeliveryDependencies): Deliver {
  const store = consumptionStore(db)

  async function attempt(
    consumer: EventConsumer,
    events: readonly EventEnvelope[],
    signal: AbortSignal,
  ): Promise<void> {
    const fresh = await withoutConsumed(store, consumer.name, events)
    if (fresh.length === 0) return
    await inSpan(`consume ${consumer.name}`, { 'event.count': fresh.length }, async () => {
      const effect = await consumer.handle(fresh, { signal })
      await db.transaction().execute(async (within) => {
        const ids = fresh.map(({ id }) => id)
        const marked = await store.mark(consumer.name, ids, within)
        if (marked < ids.length) throw new ConsumedMeanwhileError()
        await effect?.(within)
      })
    })
    metrics.consumed.inc({ consumer: consumer.name }, fresh.length)
  }

  /** The same, with what another process was faster with left out. */
  async function consume(
    consumer: EventConsumer,
    events: readonly EventEnvelope[],
    signal: AbortSignal,
  ): Promise<void> {
    try {
      await attempt(consumer, events, signal)
    } catch (error) {
      if (!(error instanceof ConsumedMeanwhileError)) throw error
      await consume(consumer, events, signal)
    }
  }

  /** @returns whether the event was consumed; it is dead otherwise. */
  async function insist(
    consumer: EventConsumer,
    event: EventEnvelope,
    signal: AbortSignal,
  ): Promise<boolean> {
    let faults = 0
    for (let tries = 1; ; tries += 1) {
      signal.throwIfAborted()
      const failed = await failureOf(consume(consumer, [event], signal))
      if (failed === undefined) return true
      const { error } = failed
      if (signal.aborted) throw error
      metrics.failed.inc({ consumer: consumer.name })
      if (!isOutage(error)) faults += 1
      const isDead = faults >= retries.limit
      if (isDead && (await isBuried(consumer, event, { error, attempts: faults }))) return false
      const told = { error, consumer: consumer.name, event_id: event.id, tries }
      logger.warn(told, 'event was not taken and will be tried again')
      await waitAbout(pauseMs(retries, tries), signal)
    }
  }

  /** False when it could not be kept: it is tried on then, so that what follows it waits. */
  async function isBuried(
    consumer: EventConsumer,
    event: EventEnvelope,
    { error, attempts }: { error: unknown; attempts: number },
  ): Promise<boolean> {
    const dead = { consumer: consumer.name, event, error: errorText(error), attempts }
    const failed = await failureOf(store.bury(dead))
    if (failed !== undefined) {
      logger.warn({ ...failed, event_id: event.id }, 'dead event could not be kept')
      return false
    }
    metrics.dead.inc({ consumer: consumer.name })
    const told = { error, consumer: consumer.name, event_id: event.id, topic: event.topic }
    logger.error(told, 'event is dead: redrive it when its consumer can take it')
    return true
  }

  return async (consumer, events, signal) => {
    const wanted = events.filter(({ topic }) => consumer.topics.includes(topic))
    if (wanted.length === 0) return NONE
    try {
      await consume(consumer, wanted, signal)
      return NONE
    } catch (error) {
      if (signal.aborted) throw error
      logger.debug({ error, consumer: consumer.name }, 'events are tried one by one')
    }
    const dead = new Set<string>()
    for (const event of wanted) {
      if (!(await insist(consumer, event, signal))) dead.add(event.id)
    }
    return dead
  }
}

const failureOf = (work: Promise<void>): Promise<{ error: unknown } | undefined> =>
  work.then(
    () => undefined,
    (error: unknown) => ({ error }),
  )

/** What the consumer has not had, each event once. */
async function withoutConsumed(
  store: ConsumptionStore,
  consumer: string,
  events: readonly EventEnvelope[],
): Promise<EventEnvelope[]> {
  const byId = new Map(events.map((event) => [event.id, event]))
  const consumed = await store.consumedIds(consumer, [...byId.keys()])
  return [...byId.values()].filter(({ id }) => !consumed.has(id))
}
