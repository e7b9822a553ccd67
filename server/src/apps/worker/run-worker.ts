import { compose } from '#compose'
import { readConfig } from '#platform/config'
import { metricsServer, startTracing } from '#platform/telemetry'
import { runUntilStopped } from '../run-until-stopped.ts'

/** Runs background jobs until the process is told to stop. */
export async function runWorker(): Promise<void> {
  const config = readConfig()
  const tracing = await startTracing(config.telemetry, 'music-language-worker')
  const system = compose(config, { role: 'worker', tracing })
  const { metricsHost, workerMetricsPort } = config.http
  const metrics = await metricsServer(system.metrics, {
    host: metricsHost,
    port: workerMetricsPort,
  })
  await system.waitForDatabase()
  const worker = await system.jobWorker()
  system.logger.info({ metrics_url: `${metrics.url}/metrics` }, 'worker is running')

  await runUntilStopped(system.logger, async (hurry) => {
    await worker.stop(hurry)
    await metrics.close()
    await system.close()
  })
}
