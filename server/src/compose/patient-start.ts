import { waitForDatabase } from '#platform/db'
import { isOutage } from '#platform/events'
import type { Platform } from './platform-parts.ts'

/**
 * Waits for PostgreSQL, then runs a start that needs it, again when PostgreSQL goes away meanwhile.
 * A start that fails must leave nothing open.
 * @throws at once what waiting does not mend; after two minutes of pauses whatever it is.
 */
export async function patientStart<Started>(
  { config, database, logger }: Platform,
  start: () => Promise<Started>,
  signal?: AbortSignal,
): Promise<Started> {
  const wait = {
    url: config.database.url,
    onWait: (message: string) => logger.warn(message),
    ...(signal !== undefined && { signal }),
  }
  await waitForDatabase({ ...wait, check: database.checkReady })
  return waitForDatabase({
    ...wait,
    url: config.database.directUrl,
    check: start,
    isFinal: (error) => !isOutage(error),
  })
}
