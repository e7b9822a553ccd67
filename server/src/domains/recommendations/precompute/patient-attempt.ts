import { AppError } from '#platform/errors'
import type { Logger } from '#platform/telemetry'

export interface Patience {
  logger: Logger
  signal: AbortSignal
  pause: (ms: number) => Promise<unknown>
}

/** So that one user's fault is not everybody's, and everybody's is not taken for one user's. */
const MAX_FAULTS_IN_A_ROW = 5
const MAX_WAITS = 3
const MAX_WAIT_SECONDS = 120

/** How long somebody who is asked too often wants to be left alone; undefined for other faults. */
const wishedPause = (error: unknown): number | undefined =>
  error instanceof AppError && error.retryAfterSeconds !== undefined
    ? Math.min(error.retryAfterSeconds, MAX_WAIT_SECONDS)
    : undefined

/**
 * Makes attempts for one user after another. Waits where a provider asks for it, and skips a user
 * with whom something else is wrong (undefined).
 * @throws the fault when the provider never relents, or when users fail one after another
 */
export function patientAttempts({ logger, signal, pause }: Patience) {
  let faultsInARow = 0

  async function withPauses<T>(work: () => Promise<T>): Promise<T> {
    for (let waits = 0; ; waits += 1) {
      try {
        return await work()
      } catch (error) {
        const seconds = wishedPause(error)
        if (seconds === undefined || waits === MAX_WAITS) throw error
        logger.info({ error, pause_seconds: seconds }, 'recommendations pause for a provider')
        await pause(seconds * 1000)
      }
    }
  }

  return async <T>(userId: string, work: () => Promise<T>): Promise<T | undefined> => {
    try {
      const result = await withPauses(work)
      faultsInARow = 0
      return result
    } catch (error) {
      signal.throwIfAborted()
      faultsInARow += 1
      if (wishedPause(error) !== undefined || faultsInARow === MAX_FAULTS_IN_A_ROW) throw error
      logger.warn({ error, user_id: userId }, 'no recommendations made in advance')
      return undefined
    }
  }
}
