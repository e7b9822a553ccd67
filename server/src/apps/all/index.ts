/** API and worker in one process, on one pool of connections: for small installations. */
import { compose } from '#compose'
import { readConfig } from '#platform/config'
import { metricsServer, startTracing } from '#platform/telemetry'
import { startHttpService } from '../http-service.ts'
import { runUntilStopped, toldToStop } from '../run-until-stopped.ts'
import { startedUnless } from '../started-unless.ts'

export async function run(): Promise<void> {
  const told = toldToStop()
  const config = readConfig()
  const tracing = await startTracing(config.telemetry, 'music-language')
  const system = compose(config, { role: 'all', tracing })
  const { logger, checks } = system
  const { metricsHost, metricsPort } = config.http
  const metrics = await metricsServer(system.metrics, { host: metricsHost, port: metricsPort })
  const service = await startHttpService({
    ...config.http,
    checks,
    app: system.httpServer,
    logger,
  })
  const addresses = { url: service.url, metrics_url: `${metrics.url}/metrics` }
  const worker = await startedUnless(told, system.jobWorker)
  if (worker) logger.info(addresses, 'API and worker are running')

  const stop = async (hurry: AbortSignal) => {
    // Requests may enqueue jobs until the last is answered; jobs finish or are taken up later.
    await Promise.all([service.stop(hurry), worker?.stop(hurry)])
    await metrics.close()
    await system.close()
  }
  await runUntilStopped(logger, stop, told)
}
