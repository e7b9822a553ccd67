import type { RequestListener } from 'node:http'
import { createServer, type Server } from 'node:https'

/** What a server proves itself with, as PEM text. */
export interface ServerTls {
  cert: string
  key: string
  /** Whose clients are served; without it all are. */
  ca: string | undefined
}

/** Makes servers that speak TLS 1.2 or later and, given a CA, only to clients which it vouches for. */
export const httpsFactory =
  ({ cert, key, ca }: ServerTls, requestTimeoutMs: number) =>
  (handler: RequestListener): Server => {
    const clients = ca === undefined ? {} : { ca, requestCert: true, rejectUnauthorized: true }
    const server = createServer({ cert, key, minVersion: 'TLSv1.2', ...clients }, handler)
    server.requestTimeout = requestTimeoutMs
    return server
  }
