/** A server with the house's rules and routes of a test's own, without a system behind it. */
import type { HttpConfig } from '#platform/config'
import { createLogger, createMetrics } from '#platform/telemetry'
import { unauthenticated } from './http.errors.ts'
import { createHttpServer, type HttpServerOptions } from './http-server.ts'

const CONFIG: HttpConfig = {
  host: '127.0.0.1',
  port: 0,
  publicUrl: 'http://127.0.0.1:4000',
  trustedProxies: [],
  metricsHost: '127.0.0.1',
  metricsPort: 0,
  workerMetricsPort: 0,
  drainMs: 0,
  minConcurrency: 8,
  maxConcurrency: 256,
}

export interface SmallServerOptions extends Partial<Pick<HttpServerOptions, 'userOf'>> {
  config?: Partial<HttpConfig>
}

/** A token `ann` is Ann's, with every scope that a test may ask for; `bad` is nobody's. */
export async function smallServer({ config, ...options }: SmallServerOptions = {}) {
  const lines: string[] = []
  const metrics = createMetrics()
  const authenticated: string[] = []
  const app = await createHttpServer({
    config: { ...CONFIG, ...config },
    logger: createLogger(
      { logLevel: 'info' },
      { service: 'test' },
      { write: (line) => void lines.push(line) },
    ),
    metrics,
    tracing: false,
    async authenticate(token) {
      authenticated.push(token)
      if (token === 'bad') throw unauthenticated()
      return { userId: token, sessionId: token, role: 'user', scopes: new Set(['a:read']) }
    },
    ...options,
  })
  return { app, metrics, lines, authenticated }
}

export const bearer = (token: string) => ({ authorization: `Bearer ${token}` })
