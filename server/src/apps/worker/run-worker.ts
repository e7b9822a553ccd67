import { compose } from '#compose'
import { readConfig } from '#platform/config'
import { metricsServer, startTracing } from '#platform/telemetry'
import { runUntilStopped, toldToStop } from '../run-until-stopped.ts'
import { startedUnless } from '../started-unless.ts'

/** Runs background jobs until the process is told to stop. */
export async function runWorker(): Promise<void> {
  const told = toldToStop()
  const config = readConfig()
  const tracing = await startTracing(config.telemetry, 'music-language-worker')
  const system = compose(config, { role: 'worker', tracing })
  const { metricsHost, workerMetricsPort } = config.http
  const metrics = await metricsServer(system.metrics, {
    host: metricsHost,
    port: workerMetricsPort,
  })
  const { logger } = system
  const worker = await startedUnless(told, system.jobWorker)
  if (worker) logger.info({ metrics_url: `${metrics.url}/metrics` }, 'worker is running')

  const stop = async (hurry: AbortSignal) => {
    await worker?.stop(hurry)
    await metrics.close()
    await system.close()
  }
  await runUntilStopped(logger, stop, told)
}
