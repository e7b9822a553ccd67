import { once } from 'node:events'
import type { Logger } from '#platform/telemetry'
import { exitWithParent } from './parent-watch.ts'

const SIGNALS = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const
/** A handle that somebody forgot must not keep a process that has done its work. */
const LINGER_MS = 2_000

/**
 * Aborted by the first signal to stop, or when the supervising process ends. For a start that may
 * take long: without it the signal would end the process half-way, or, in a container, do nothing.
 */
export function toldToStop(): AbortSignal {
  const told = new AbortController()
  for (const signal of SIGNALS) process.once(signal, () => told.abort())
  if (process.connected) {
    process.once('disconnect', () => told.abort())
    // The channel alone is no reason to stay alive.
    process.channel?.unref()
  }
  return told.signal
}

/**
 * Waits for a signal to stop, or for the supervising process to end, then runs `stop` once. A second
 * signal aborts `hurry`: whatever can be cut short should be. An error that nobody caught is logged
 * and ends the process: its state is not to be trusted.
 * @param told whether it was told to stop before this was called.
 */
export async function runUntilStopped(
  logger: Logger,
  stop: (hurry: AbortSignal) => Promise<void>,
  told?: AbortSignal,
): Promise<void> {
  process.once('uncaughtException', (error) => {
    logger.fatal({ error }, 'uncaught error')
    process.exit(1)
  })
  const { promise: parentGone, resolve } = Promise.withResolvers<void>()
  const stopped = Promise.withResolvers<void>()
  exitWithParent(async () => {
    resolve()
    await stopped.promise
  })
  if (told?.aborted !== true) {
    await Promise.race([...SIGNALS.map((signal) => once(process, signal)), parentGone])
  }
  logger.info('stopping')
  const hurry = new AbortController()
  for (const signal of SIGNALS) {
    process.on(signal, () => {
      logger.warn('told to stop again: cutting short what is under way')
      hurry.abort()
    })
  }
  await stop(hurry.signal)
  stopped.resolve()
  setTimeout(() => process.exit(), LINGER_MS).unref()
}
