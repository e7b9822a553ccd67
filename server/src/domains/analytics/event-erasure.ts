import type { Clock } from '#platform/clock'
import type { Outbox } from '#platform/events'
import type { ErasureStore } from './storage/erasure.store.ts'

export interface EventErasure {
  /**
   * Deletes every event of a user and tells the rest of the system (`user.erased`), both or neither.
   * Safe to run again. Gives how many events there were.
   */
  forgetUser(userId: string): Promise<number>
}

export function eventErasure(dependencies: {
  store: ErasureStore
  outbox: Outbox
  clock: Clock
}): EventErasure {
  const { store, outbox, clock } = dependencies
  return {
    forgetUser: (userId) =>
      store.transaction(async (erasure, within) => {
        const { events, lastReceivedAt } = await erasure.deleteEvents(userId)
        // Copies are told by when they were received, which a clock ahead of this one may have said.
        const occurredAt = latest(clock.now(), lastReceivedAt)
        await outbox.append(within, [
          { topic: 'user.erased', key: userId, payload: { userId }, occurredAt },
        ])
        return events
      }),
  }
}

const latest = (now: Date, other: Date | null) => (other !== null && other > now ? other : now)
