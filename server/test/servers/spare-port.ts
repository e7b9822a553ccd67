import { once } from 'node:events'
import { createServer } from 'node:net'

/**
 * Below Linux's range for outgoing connections (32768 and up), so that a server that is killed and
 * started again never finds its port taken by somebody's client.
 */
const FIRST = 15_000
const LAST = 31_000
const ATTEMPTS = 100

async function isFree(port: number): Promise<boolean> {
  const server = createServer()
  try {
    server.listen(port, '127.0.0.1')
    await once(server, 'listening')
    return true
  } catch {
    return false
  } finally {
    server.close()
  }
}

/** A TCP port on 127.0.0.1 that nobody listens on, nor on those after it up to `inARow` of them. */
export async function sparePort({ inARow = 1 } = {}): Promise<number> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const port = FIRST + Math.floor(Math.random() * (LAST - FIRST))
    const row = Array.from({ length: inARow }, (_, index) => isFree(port + index))
    if ((await Promise.all(row)).every(Boolean)) return port
  }
  throw new Error(`No free port was found in ${ATTEMPTS} attempts.`)
}
