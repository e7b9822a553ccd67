import { compose } from '#compose'
import { readConfig } from '#platform/config'
import { InvalidPayloadError, JobBusyError, UnknownJobError } from '#platform/jobs'
import { startTracing } from '#platform/telemetry'
import { toldToStop } from '../run-until-stopped.ts'

const FAILED = 1
const USED_WRONGLY = 2

/**
 * Runs one attempt at one job in this process, as a Kubernetes CronJob does. The exit code is 0 when
 * the job is done, 1 when it is not, 2 when there is no such job or its payload is not valid.
 */
export async function runJob(jobName: string, payload: object): Promise<void> {
  const told = toldToStop()
  const config = readConfig()
  const tracing = await startTracing(config.telemetry, 'music-language-worker')
  const system = compose(config, { role: 'worker', tracing })
  const { logger } = system
  try {
    const runner = await system.jobRunner(told)
    try {
      const outcome = await runner.run(jobName, payload, told)
      logger.info({ job: jobName, outcome }, 'job ended')
      if (outcome !== 'ok') process.exitCode = FAILED
    } finally {
      await runner.stop()
    }
  } catch (error) {
    const code = told.aborted ? FAILED : exitCodeOf(error)
    if (code === undefined) throw error
    process.stderr.write(`${(error as Error).message}\n`)
    process.exitCode = code
  } finally {
    await system.close()
  }
}

/** Undefined for what nobody foresaw. */
function exitCodeOf(error: unknown): number | undefined {
  if (error instanceof JobBusyError) return FAILED
  if (error instanceof UnknownJobError || error instanceof InvalidPayloadError) return USED_WRONGLY
  return undefined
}
