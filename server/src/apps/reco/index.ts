/** Recommendations in processes of their own: serves them to the API, over HTTP or mutual TLS. */
import { compose } from '#compose'
import { readConfig } from '#platform/config'
import { metricsServer, startTracing } from '#platform/telemetry'
import { startHttpService } from '../http-service.ts'
import { runUntilStopped } from '../run-until-stopped.ts'

export async function run(): Promise<void> {
  const config = readConfig()
  const tracing = await startTracing(config.telemetry, 'music-language-reco')
  const system = compose(config, { role: 'reco', tracing })
  const { logger, checks } = system
  const { host, port, metricsPort } = config.reco
  const metrics = await metricsServer(system.metrics, {
    host: config.http.metricsHost,
    port: metricsPort,
  })
  const service = await startHttpService({
    host,
    port,
    drainMs: config.http.drainMs,
    checks,
    app: system.recoServer,
    logger,
  })
  logger.info({ url: service.url, metrics_url: `${metrics.url}/metrics` }, 'reco is listening')

  await runUntilStopped(logger, async (hurry) => {
    await service.stop(hurry)
    await metrics.close()
    await system.close()
  })
}
