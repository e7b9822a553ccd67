import { Registry } from 'prom-client'
import { describe, expect, it } from 'vitest'
import { createLogger } from '#platform/telemetry'
import { playedEvent } from '#test'
import { intakeMetrics } from '../analytics.metrics.ts'
import { eventCatalogue } from '../catalogue/event-catalogue.ts'
import { EVENT_TYPES } from '../catalogue/event-types.ts'
import type { CheckedEvent } from './event-check.ts'
import { type EventIntakeDependencies, eventIntake } from './event-intake.ts'

const opened = () => playedEvent({ type: 'app.opened', payload: { client: 'web', release: '1' } })

/** An intake into memory, and what was asked of its surroundings. */
function intakeWith(changes: Partial<EventIntakeDependencies> = {}) {
  const written: CheckedEvent[] = []
  const asked: string[] = []
  const intake = eventIntake({
    catalogue: eventCatalogue(EVENT_TYPES),
    async allowsAnalytics(userId) {
      asked.push(userId)
      return true
    },
    async write(events) {
      written.push(...events)
      return events.map(() => 'accepted')
    },
    metrics: intakeMetrics(new Registry()),
    clock: { now: () => new Date() },
    logger: createLogger({ logLevel: 'silent' }, { service: 'test' }),
    ...changes,
  })
  return { intake, written, asked }
}

describe('the intake', () => {
  it('asks for consent once a request, and only when an event needs it', async () => {
    const { intake, asked } = intakeWith()
    await intake.take('u1', [opened(), opened(), playedEvent({ version: 9 })])
    expect(asked).toEqual([])
    await intake.take('u2', [playedEvent(), opened(), playedEvent()])
    expect(asked).toEqual(['u2'])
  })

  it('says 503 and when to come back to whom it has no room for, and writes nothing of it', async () => {
    const gate = Promise.withResolvers<void>()
    const written: string[] = []
    const { intake } = intakeWith({
      limits: { lanes: 1, maxWaitingItems: 3 },
      async write(events) {
        written.push(...events.map(({ id }) => id))
        await gate.promise
        return events.map(() => 'accepted')
      },
    })
    const taken = [playedEvent(), playedEvent(), playedEvent()]
    const first = intake.take('u', taken)
    await expect(intake.take('u', [playedEvent()])).rejects.toMatchObject({
      code: 'analytics.busy',
      status: 503,
      retryAfterSeconds: 1,
    })
    gate.resolve()
    expect((await first).map(({ status }) => status)).toEqual(['accepted', 'accepted', 'accepted'])
    expect(written).toEqual(taken.map(({ id }) => id))
  })

  it('keeps nothing when it cannot tell whether it may', async () => {
    const { intake, written } = intakeWith({
      allowsAnalytics: () => Promise.reject(new Error('no answer')),
    })
    await expect(intake.take('u', [playedEvent()])).rejects.toThrow('no answer')
    expect(written).toEqual([])
  })

  it('acknowledges nothing that was not written', async () => {
    const { intake } = intakeWith({ write: () => Promise.reject(new Error('connection lost')) })
    await expect(intake.take('u', [opened()])).rejects.toThrow('connection lost')
  })
})
