import type { Clock } from '#platform/clock'
import { errorCode } from '#platform/errors'
import type { EventStore } from './event.store.ts'
import type { CheckedEvent } from './event-check.ts'

export type WriteOutcome = 'accepted' | 'duplicate' | 'conflict'

export interface EventWriterDependencies {
  store: EventStore
  /** Makes room for the months of these times. */
  addMonths(times: readonly Date[]): Promise<void>
  clock: Clock
}

/** How often a key may vanish between two statements before that is no coincidence. */
const ATTEMPTS = 3

/**
 * Writes a group of events durably and says what became of each. Of those with one id the first is
 * stored, be the others in the same group, in another, or in another process.
 */
export function eventWriter({ store, addMonths, clock }: EventWriterDependencies) {
  async function insert(events: readonly CheckedEvent[]): Promise<string[]> {
    const receivedAt = clock.now()
    try {
      return await store.insert(events, receivedAt)
    } catch (error) {
      if (!lacksMonth(error)) throw error
      await addMonths(events.map(({ occurredAt }) => occurredAt))
      return store.insert(events, receivedAt)
    }
  }

  /** By id, the digest of the event that was there before; those stored now are not in it. */
  async function insertAll(events: readonly CheckedEvent[]): Promise<Map<string, string>> {
    const before = new Map<string, string>()
    let pending = events
    for (let attempt = 1; pending.length > 0; attempt += 1) {
      if (attempt > ATTEMPTS) throw new Error('the keys of events come and go')
      const taken = await insert(pending)
      if (taken.length === 0) break
      const digests = await store.digests(taken)
      for (const [id, digest] of digests) before.set(id, digest)
      // Erased between the two statements: their ids are free again.
      pending = events.filter(({ id }) => taken.includes(id) && !digests.has(id))
    }
    return before
  }

  return async (events: readonly CheckedEvent[]): Promise<WriteOutcome[]> => {
    const first = new Map<string, CheckedEvent>()
    for (const event of events) if (!first.has(event.id)) first.set(event.id, event)
    const sorted = [...first.values()].toSorted((a, b) => (a.id < b.id ? -1 : 1))
    const before = await insertAll(sorted)
    return events.map((event) => {
      const stored = before.get(event.id)
      if (stored === undefined && first.get(event.id) === event) return 'accepted'
      return event.digest === (stored ?? first.get(event.id)?.digest) ? 'duplicate' : 'conflict'
    })
  }
}

const CHECK_VIOLATION = '23514'

/** "no partition of relation … found for row": it has the code of a failed check, but names none. */
function lacksMonth(error: unknown): boolean {
  return (
    errorCode(error) === CHECK_VIOLATION &&
    (error as { constraint?: string }).constraint === undefined
  )
}

/** SQLSTATE classes 22 (data) and 23 (constraints): the fault of a row, not of the server. */
export const isRowFault = (error: unknown): boolean => /^2[23]...$/.test(errorCode(error) ?? '')
