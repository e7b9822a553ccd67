import { createServer, type RequestListener } from 'node:http'
import { createServer as createSecureServer, type Server, type ServerOptions } from 'node:https'

/** What a server proves itself with, as PEM text. */
export interface ServerTls {
  cert: string
  key: string
  /** Whose clients are served; without it all are. */
  ca: string | undefined
}

/** From a request's first byte to its last. */
const REQUEST_TIMEOUT_MS = 30_000
/** Above the minute for which proxies keep idle connections: then it is they who end them. */
const KEEP_ALIVE_MS = 72_000

/** TLS 1.2 or later and, given a CA, only with clients that it vouches for. */
export function httpsOptions({ cert, key, ca }: ServerTls): ServerOptions {
  const clients = ca === undefined ? {} : { ca, requestCert: true, rejectUnauthorized: true }
  return { cert, key, minVersion: 'TLSv1.2', ...clients }
}

/** Makes the server whose requests go through a gate before they come to the app. */
export function serverBehind(
  gate: (next: RequestListener) => RequestListener,
  tls: ServerTls | undefined,
): (next: RequestListener) => Server {
  return (next) => {
    const listener = gate(next)
    const server =
      tls === undefined ? createServer(listener) : createSecureServer(httpsOptions(tls), listener)
    server.requestTimeout = REQUEST_TIMEOUT_MS
    server.keepAliveTimeout = KEEP_ALIVE_MS
    // Fastify's types know factories of one kind only; to whoever listens both are the same.
    return server as Server
  }
}
