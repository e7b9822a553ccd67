import { setImmediate as nextTurn } from 'node:timers/promises'

/** Called with the work just done; now and then gives the event loop a turn. */
export type Pacer = (operations: number) => Promise<void>

/** About 10 ms of adding numbers in typed arrays: an API process stays responsive beside it. */
const OPERATIONS_A_TURN = 2_000_000

/**
 * Shares one thread between a long computation and everything else in the process.
 * Counts work rather than time, so that a run is the same wherever it happens.
 * @throws the signal's reason, at the next turn after it is aborted.
 */
export function createPacer(signal?: AbortSignal): Pacer {
  let pending = 0
  return async (operations) => {
    pending += operations
    if (pending < OPERATIONS_A_TURN) return
    pending = 0
    signal?.throwIfAborted()
    await nextTurn()
    signal?.throwIfAborted()
  }
}
