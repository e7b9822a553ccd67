/** The API process: serves HTTP until it is told to stop, then drains. */
import { setTimeout as pause } from 'node:timers/promises'
import { compose } from '#compose'
import { readConfig } from '#platform/config'
import { stopping } from '#platform/http'
import { metricsServer, startTracing } from '#platform/telemetry'
import { runUntilStopped } from '../run-until-stopped.ts'

export async function run(): Promise<void> {
  const config = readConfig()
  const tracing = await startTracing(config.telemetry, 'music-language-api')
  const system = compose(config, { role: 'api', tracing })
  let draining = false
  const app = await system.httpServer({
    async check() {
      if (draining) throw stopping()
      await system.checkDatabase()
    },
  })
  // A draining server asks its clients to come back on another connection.
  app.addHook('onSend', async (_request, reply) => {
    if (draining) reply.header('connection', 'close')
  })
  const { host, port, metricsHost, metricsPort, drainMs } = config.http
  const metrics = await metricsServer(system.metrics, { host: metricsHost, port: metricsPort })
  const url = await app.listen({ host, port })
  system.logger.info({ url, metrics_url: `${metrics.url}/metrics` }, 'API is listening')

  await runUntilStopped(system.logger, async () => {
    draining = true
    await pause(drainMs)
    await app.close()
    await metrics.close()
    await system.close()
  })
}
