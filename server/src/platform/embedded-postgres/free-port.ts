import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'

/** The port the system gives for 127.0.0.1; undefined when the one asked for is taken. */
async function probe(port: number): Promise<number | undefined> {
  const server = createServer()
  try {
    server.listen(port, '127.0.0.1')
    await once(server, 'listening')
    return (server.address() as AddressInfo).port
  } catch {
    return undefined
  } finally {
    server.close()
  }
}

/** A free TCP port on 127.0.0.1: the preferred one when nobody has it. */
export async function freePort(preferred?: number): Promise<number> {
  const port = preferred === undefined ? undefined : await probe(preferred)
  return port ?? (await probe(0)) ?? 0
}
