import { compose, type System } from '#compose'
import { readConfig } from '#platform/config'
import { createLogger } from '#platform/telemetry'
import { localEnvironment } from '../local/index.ts'

/**
 * Runs a command's work on the system: the one that the environment names (`DATABASE_URL` …),
 * else the one that `npm start` runs on this machine.
 */
export async function withSystem<T>(work: (system: System) => Promise<T>): Promise<T> {
  const config = readConfig(await localEnvironment())
  // Progress is the command's own to tell: the log shows only what goes wrong, apart from it.
  const logger = createLogger({ logLevel: 'warn' }, { service: 'cli' }, process.stderr)
  const system = compose(config, { role: 'cli', logger })
  try {
    return await work(system)
  } finally {
    await system.close()
  }
}
