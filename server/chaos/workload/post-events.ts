import { v7 } from 'uuid'
import { call } from '../../test/fleet/index.ts'
import type { EventLedger } from './event-ledger.ts'

interface Outcomes {
  results: { id: string | null; status: string }[]
}

interface SentEvent {
  id: string
  type: string
  version: number
  occurredAt: string
  payload: object
}

/** As the sender made it once: sent again it must be the same, to the byte. */
function newEvent(): SentEvent {
  return {
    id: v7(),
    type: 'app.opened',
    version: 1,
    occurredAt: new Date().toISOString(),
    payload: { client: 'cli', release: '1.0.0' },
  }
}

const STORED = new Set(['accepted', 'duplicate'])

export interface EventSender {
  /** Posts new events, and with them what has had no answer yet. @returns the status, or why not. */
  post(target: { base: string; token: string }, count: number): Promise<number | 'no answer'>
}

/** A client as it should be: what was not acknowledged is sent again, under the same ids. */
export function eventSender(userId: string, ledger: EventLedger, timeoutMs = 5_000): EventSender {
  const unanswered = new Map<string, SentEvent>()
  const MOST = 500

  return {
    async post({ base, token }, count) {
      for (let made = 0; made < count; made += 1) {
        const event = newEvent()
        unanswered.set(event.id, event)
      }
      const events = [...unanswered.values()].slice(0, MOST)
      ledger.sent(
        userId,
        events.map(({ id }) => id),
      )
      try {
        const answer = await call<Outcomes>(base, '/analytics/events', {
          method: 'POST',
          token,
          body: { events },
          timeoutMs,
        })
        if (answer.status !== 200) return answer.status
        const stored = answer.body.results.flatMap(({ id, status }) =>
          id !== null && STORED.has(status) ? [id] : [],
        )
        ledger.acknowledged(stored)
        for (const id of stored) unanswered.delete(id)
        if (stored.length < events.length) {
          const other = answer.body.results.find(({ status }) => !STORED.has(status))
          throw new Error(`an event was not stored: ${JSON.stringify(other)}`)
        }
        return 200
      } catch (error) {
        if (error instanceof Error && error.message.startsWith('an event')) throw error
        return 'no answer'
      }
    },
  }
}
