import { once } from 'node:events'
import type { Logger } from '#platform/telemetry'
import { exitWithParent } from './parent-watch.ts'

const SIGNALS = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const

/**
 * Waits for a signal to stop, or for the supervising process to end, then runs `stop` once.
 * An error that nobody caught is logged and ends the process: its state is not to be trusted.
 */
export async function runUntilStopped(logger: Logger, stop: () => Promise<void>): Promise<void> {
  process.once('uncaughtException', (error) => {
    logger.fatal({ error }, 'uncaught error')
    process.exit(1)
  })
  const { promise: parentGone, resolve } = Promise.withResolvers<void>()
  exitWithParent(async () => {
    resolve()
    await stopped.promise
  })
  const stopped = Promise.withResolvers<void>()
  await Promise.race([...SIGNALS.map((signal) => once(process, signal)), parentGone])
  logger.info('stopping')
  await stop()
  stopped.resolve()
}
