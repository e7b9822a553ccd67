/** The API process: serves HTTP until it is told to stop, then drains. */
import { compose } from '#compose'
import { readConfig } from '#platform/config'
import { metricsServer, startTracing } from '#platform/telemetry'
import { startHttpService } from '../http-service.ts'
import { runUntilStopped } from '../run-until-stopped.ts'

export async function run(): Promise<void> {
  const config = readConfig()
  const tracing = await startTracing(config.telemetry, 'music-language-api')
  const system = compose(config, { role: 'api', tracing })
  const { logger, checks } = system
  const { metricsHost, metricsPort } = config.http
  const metrics = await metricsServer(system.metrics, { host: metricsHost, port: metricsPort })
  const service = await startHttpService({
    ...config.http,
    checks,
    app: system.httpServer,
    logger,
  })
  logger.info({ url: service.url, metrics_url: `${metrics.url}/metrics` }, 'API is listening')

  const stopped = new AbortController()
  // It is not ready meanwhile; this says why.
  system.waitForDatabase(stopped.signal).catch((error: unknown) => {
    if (!stopped.signal.aborted) logger.error({ error }, 'the database cannot be used')
  })

  await runUntilStopped(logger, async (hurry) => {
    stopped.abort()
    await service.stop(hurry)
    await metrics.close()
    await system.close()
  })
}
