import { createServer } from 'node:http'
import { listen } from '#platform/http-listen'
import type { Metrics } from './metrics.ts'

/** Serves `GET /metrics` in Prometheus' text format on a port of its own, away from users. */
export async function metricsServer(
  { registry }: Metrics,
  address: { host: string; port: number },
): Promise<{ url: string; close(): Promise<void> }> {
  const server = createServer((request, response) => {
    if (request.url !== '/metrics') {
      response.writeHead(404, { 'content-type': 'text/plain; charset=utf-8' }).end('Not found\n')
      return
    }
    registry.metrics().then(
      (body) => response.writeHead(200, { 'content-type': registry.contentType }).end(body),
      () => response.writeHead(500).end(),
    )
  })
  return listen(server, address)
}
