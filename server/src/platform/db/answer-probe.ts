import { connect } from 'node:net'
import { Client } from 'pg'

/**
 * "May I use TLS?" Server and pooler answer it before they ask who is there, so it needs no role and
 * no free connection. https://www.postgresql.org/docs/current/protocol-message-formats.html
 */
const SSL_REQUEST = Uint8Array.of(0, 0, 0, 8, 4, 210, 22, 47)

/** Whether anything comes back in time from where the URL leads, be it a refusal. @throws never */
export async function answersWithin(url: string, ms: number): Promise<boolean> {
  // Knows all that a URL may say; connects to nothing.
  const { host, port } = new Client({ connectionString: url })
  const socket = host.startsWith('/') ? connect(`${host}/.s.PGSQL.${port}`) : connect(port, host)
  const { promise, resolve } = Promise.withResolvers<boolean>()
  const timer = setTimeout(() => resolve(false), ms)
  const answered = () => resolve(true)
  socket.on('connect', () => socket.write(SSL_REQUEST))
  socket.on('data', answered).on('end', answered).on('error', answered)
  try {
    return await promise
  } finally {
    clearTimeout(timer)
    socket.destroy()
  }
}
