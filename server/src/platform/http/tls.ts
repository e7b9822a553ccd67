import type { ServerOptions } from 'node:https'

/** What a server proves itself with, as PEM text. */
export interface ServerTls {
  cert: string
  key: string
  /** Whose clients are served; without it all are. */
  ca: string | undefined
}

/** TLS 1.2 or later and, given a CA, only with clients that it vouches for. */
export function httpsOptions({ cert, key, ca }: ServerTls): ServerOptions {
  const clients = ca === undefined ? {} : { ca, requestCert: true, rejectUnauthorized: true }
  return { cert, key, minVersion: 'TLSv1.2', ...clients }
}
