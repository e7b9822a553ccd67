/** Listening and closing of a plain HTTP server. */
import { once } from 'node:events'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'

/** Listens (port 0: any free one) and resolves once connections are accepted. */
export async function listen(
  server: Server,
  { host, port }: { host: string; port: number },
): Promise<{ url: string; close(): Promise<void> }> {
  server.listen(port, host)
  await once(server, 'listening')
  const address = server.address() as AddressInfo
  return {
    url: `http://${host}:${address.port}`,
    async close() {
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
    },
  }
}
