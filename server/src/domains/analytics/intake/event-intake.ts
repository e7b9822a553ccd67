import type { Clock } from '#platform/clock'
import { AppError } from '#platform/errors'
import type { Logger } from '#platform/telemetry'
import { eventConflict, intakeBusy, notStorable } from '../analytics.errors.ts'
import type { IntakeMetrics } from '../analytics.metrics.ts'
import type { AllowsAnalytics } from '../analytics.ports.ts'
import type { EventCatalogue } from '../catalogue/event-catalogue.ts'
import { type CheckedEvent, checkEvent, eventIdOf } from './event-check.ts'
import { isRowFault, type WriteOutcome } from './event-writer.ts'
import { groupCommit } from './group-commit.ts'

export type EventResult =
  | { id: string; status: 'accepted' | 'duplicate' | 'dropped' }
  | { id: string | null; status: 'rejected' | 'conflict'; error: AppError }

export interface EventIntake {
  /**
   * Resolves once every event is durable, or is known not to be kept: one result each, in order.
   * @throws AppError 503 when there is no room; whatever the database fails with. Then events may
   * have been stored or not, and may be sent again.
   */
  take(userId: string, sent: readonly unknown[]): Promise<EventResult[]>
  /** Takes no more, and resolves when what was taken is written. */
  close(): Promise<void>
}

export interface EventIntakeDependencies {
  catalogue: EventCatalogue
  allowsAnalytics: AllowsAnalytics
  write(events: readonly CheckedEvent[]): Promise<readonly WriteOutcome[]>
  metrics: IntakeMetrics
  clock: Clock
  logger: Logger
  limits?: Partial<typeof LIMITS>
}

/** Groups written at once, each over a connection of its own. */
export const INTAKE_LANES = 2

const LIMITS = {
  lanes: INTAKE_LANES,
  maxGroupItems: 1_000,
  maxGroupBytes: 1_048_576,
  maxWaitingItems: 20_000,
  maxWaitingBytes: 16_777_216,
  maxWaitMs: 1_500,
}

/** Of an event's columns without its payload. */
const ROW_BYTES = 160

const bytesOf = (events: readonly CheckedEvent[]): number =>
  events.reduce((bytes, { payload }) => bytes + ROW_BYTES + payload.length, 0)

/** Takes events from clients: judges each by itself, and writes those of many requests together. */
export function eventIntake(dependencies: EventIntakeDependencies): EventIntake {
  const { catalogue, allowsAnalytics, write, metrics, clock, logger, limits } = dependencies
  const group = groupCommit<CheckedEvent, WriteOutcome | AppError>({
    ...LIMITS,
    ...limits,
    write,
    isItemFault: isRowFault,
    refuse(event, error) {
      // The checks let something through that the table does not take.
      logger.error({ error, event_id: event.id, type: event.type.type }, 'event not storable')
      return notStorable(error)
    },
    busy: intakeBusy,
    onWritten({ items, durationMs }) {
      metrics.groupSize.observe(items)
      metrics.writeDuration.observe(durationMs / 1000)
    },
  })
  metrics.exposeWaiting(group.waitingItems)

  /** The events that may be kept: those of somebody who does not consent are only the essential. */
  async function permitted(
    userId: string,
    events: readonly CheckedEvent[],
  ): Promise<readonly CheckedEvent[]> {
    if (events.every(({ type }) => type.purpose === 'essential')) return events
    if (await allowsAnalytics(userId)) return events
    return events.filter(({ type }) => type.purpose === 'essential')
  }

  return {
    async take(userId, sent) {
      const now = clock.now()
      const checked = sent.map((event) => checkEvent(catalogue, event, { userId, now }))
      const good = checked.filter((each): each is CheckedEvent => !(each instanceof AppError))
      const kept = await permitted(userId, good)
      const outcomes = await group.submit(kept, bytesOf(kept))
      const outcomeOf = new Map(kept.map((event, index) => [event, outcomes[index]]))
      const results = checked.map((event, index) =>
        event instanceof AppError
          ? rejected(eventIdOf(sent[index]), event)
          : resultOf(event, outcomeOf.get(event)),
      )
      count(metrics, checked, results)
      return results
    },

    close: group.close,
  }
}

const rejected = (id: string | null, error: AppError): EventResult => ({
  id,
  status: 'rejected',
  error,
})

function resultOf({ id }: CheckedEvent, outcome: WriteOutcome | AppError | undefined): EventResult {
  if (outcome instanceof AppError) return rejected(id, outcome)
  if (outcome === 'conflict') return { id, status: 'conflict', error: eventConflict() }
  return { id, status: outcome ?? 'dropped' }
}

function count(
  metrics: IntakeMetrics,
  checked: readonly (CheckedEvent | AppError)[],
  results: readonly EventResult[],
): void {
  const counts = new Map<string, { type: string; result: string; events: number }>()
  for (const [index, { status: result }] of results.entries()) {
    const event = checked[index]
    // A type that does not exist is the client's invention, and may not become a label.
    const type = event === undefined || event instanceof AppError ? 'unknown' : event.type.type
    const key = `${type} ${result}`
    const known = counts.get(key)
    if (known === undefined) counts.set(key, { type, result, events: 1 })
    else known.events += 1
  }
  for (const { type, result, events } of counts.values())
    metrics.events.inc({ type, result }, events)
}
