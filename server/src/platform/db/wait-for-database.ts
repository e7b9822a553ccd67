import { setTimeout as delay } from 'node:timers/promises'
import { errorCode } from '#platform/errors'
import { addressOf, mayPass } from './connect-errors.ts'

export interface DatabaseWait<Result> {
  /** For messages only; its password is never shown. */
  url: string
  check: () => Promise<Result>
  /** What else need not be waited for: thrown as it is. Default: nothing. */
  isFinal?: (error: unknown) => boolean
  /** Told before each pause. */
  onWait: (message: string) => void
  /** Ends the wait; so does this time, in all. */
  signal?: AbortSignal
  giveUpAfterMs?: number
  /** Given milliseconds. */
  pause?: (ms: number) => Promise<unknown>
}

const FIRST_PAUSE_MS = 500
const LONGEST_PAUSE_MS = 5_000
const GIVE_UP_AFTER_MS = 120_000

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  // An AggregateError (no address of a host answers) has no text of its own.
  return error.message || (errorCode(error) ?? error.name)
}

/**
 * Resolves, with what the check gives, when the database answers and its schema is current, so that
 * a process may be started before its server or its migration.
 * @throws Error at once when waiting is of no use (a refused password, a missing database), and when
 * the time is over.
 */
export async function waitForDatabase<Result>(options: DatabaseWait<Result>): Promise<Result> {
  const { url, check, isFinal, onWait, signal, giveUpAfterMs = GIVE_UP_AFTER_MS } = options
  const pause = options.pause ?? ((ms: number) => delay(ms, undefined, { signal }))
  const server = `PostgreSQL at ${addressOf(url)}`
  let waitedMs = 0
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
    signal?.throwIfAborted()
    try {
      return await check()
    } catch (error) {
      if (isFinal?.(error) === true) throw error
      const reason = reasonOf(error)
      if (!mayPass(error)) throw new Error(`${server} refuses us: ${reason}`, { cause: error })
      if (waitedMs >= giveUpAfterMs) {
        throw new Error(`${server} is not ready after ${giveUpAfterMs / 1000} s: ${reason}`, {
          cause: error,
        })
      }
      onWait(`${server} is not ready (${reason}), trying again in ${pauseMs / 1000} s`)
      await pause(pauseMs)
      waitedMs += pauseMs
    }
  }
}
