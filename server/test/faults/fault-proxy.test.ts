import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type FaultProxy, startFaultProxy } from './fault-proxy.ts'

let echo: Server
let proxy: FaultProxy
const clients: Socket[] = []

beforeEach(async () => {
  echo = createServer({ allowHalfOpen: true }, (socket) => {
    socket.on('error', () => undefined)
    socket.pipe(socket)
  })
  echo.listen(0, '127.0.0.1')
  await once(echo, 'listening')
  proxy = await startFaultProxy({ targetPort: (echo.address() as AddressInfo).port })
})

afterEach(async () => {
  for (const client of clients.splice(0)) client.destroy()
  await proxy.close()
  const closed = once(echo, 'close')
  echo.close()
  await closed
})

async function open(): Promise<Socket> {
  const client = connect({ port: proxy.port, host: '127.0.0.1', noDelay: true })
  clients.push(client)
  await once(client, 'connect')
  return client
}

/** Sends and waits for the echo; gives the pieces it came in and how long that took. */
async function say(client: Socket, text: string) {
  const sentAt = performance.now()
  const pieces: string[] = []
  client.write(text)
  while (pieces.join('').length < text.length) {
    const [piece] = (await once(client, 'data')) as [Buffer]
    pieces.push(piece.toString())
  }
  return { text: pieces.join(''), pieces, tookMs: performance.now() - sentAt }
}

describe('the fault proxy', () => {
  it('is honest until it is told otherwise', async () => {
    const client = await open()
    expect(await say(client, 'hello')).toMatchObject({ text: 'hello', pieces: ['hello'] })
    expect(proxy.connections()).toBe(1)
  })

  it('hands on the end of a half-closed connection, and all that is still to come', async () => {
    const client = await open()
    const received = new Promise<string>((resolve) => {
      let text = ''
      client.on('data', (chunk: Buffer) => {
        text += chunk.toString()
      })
      client.on('end', () => resolve(text))
    })
    client.end('last words')
    expect(await received).toBe('last words')
  })

  it('delays each direction by itself, also on an open connection', async () => {
    const client = await open()
    proxy.set({ toServer: { latencyMs: 60 }, toClient: { latencyMs: 40 } })
    expect((await say(client, 'slow')).tookMs).toBeGreaterThanOrEqual(95)
    proxy.set({})
    expect((await say(client, 'fast')).tookMs).toBeLessThan(90)
  })

  it('slices what it hands on', async () => {
    const client = await open()
    proxy.set({ toClient: { sliceBytes: 1 } })
    const { text, pieces } = await say(client, 'abcdef')
    expect(text).toBe('abcdef')
    expect(pieces.length).toBeGreaterThan(1)
  })

  it('swallows silently, and delivers what it held back when it is over', async () => {
    const client = await open()
    proxy.set({ toClient: { blackhole: true } })
    let arrived = false
    const answer = say(client, 'anyone?').then((said) => {
      arrived = true
      return said
    })
    await expect(once(client, 'data', { signal: AbortSignal.timeout(150) })).rejects.toThrow()
    expect(arrived).toBe(false)
    proxy.set({})
    expect((await answer).text).toBe('anyone?')
  })

  it('resets every open connection', async () => {
    const client = await open()
    await say(client, 'hello')
    const failed = once(client, 'error')
    const pending = new Promise((resolve) => client.once('close', resolve))
    client.on('error', () => undefined)
    proxy.resetAll()
    await expect(failed).resolves.toMatchObject([{ code: 'ECONNRESET' }])
    await pending
    expect(proxy.connections()).toBe(0)
  })

  it('refuses new connections and leaves the open ones', async () => {
    const client = await open()
    await say(client, 'hello')
    proxy.set({ refuse: true })
    const late = connect({ port: proxy.port, host: '127.0.0.1' })
    clients.push(late)
    const [error] = (await once(late, 'error')) as [NodeJS.ErrnoException]
    expect(error.code).toBe('ECONNRESET')
    expect((await say(client, 'still here')).text).toBe('still here')
  })

  it('resets the client when the server is away', async () => {
    const closed = once(echo, 'close')
    echo.close()
    await closed
    const client = connect({ port: proxy.port, host: '127.0.0.1' })
    clients.push(client)
    const [error] = (await once(client, 'error')) as [NodeJS.ErrnoException]
    expect(error.code).toBe('ECONNRESET')
    echo.listen(0, '127.0.0.1')
    await once(echo, 'listening')
  })
})
