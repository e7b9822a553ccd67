import { once } from 'node:events'
import { type AddressInfo, connect, createServer } from 'node:net'
import { expect, it } from 'vitest'
import { reset } from './fault-line.ts'

it('closes a socket whose end is still on its way', async () => {
  const server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const silent = connect((server.address() as AddressInfo).port, '127.0.0.1')
  silent.on('error', () => undefined)
  try {
    const [socket] = await once(server, 'connection')
    const closed = once(socket, 'close', { signal: AbortSignal.timeout(5_000) })
    socket.end()
    reset(socket)
    await expect(closed).resolves.toEqual([false])
  } finally {
    silent.destroy()
    server.close()
  }
})
