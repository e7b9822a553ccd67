import { once } from 'node:events'
import { Agent, get, type IncomingMessage } from 'node:http'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { afterEach, describe, expect, it } from 'vitest'
import { createLogger } from '#platform/telemetry'
import { closeConnectionsWhenDraining, drain } from './draining.ts'
import { smallServer } from './small-server.ts'

const logger = createLogger({ logLevel: 'silent' }, { service: 'test' })
/** Longer than any step should take, even on a busy machine. */
const PATIENCE = { timeout: 5_000, interval: 20 }
const closers: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close()
})

async function setUp() {
  const { app } = await smallServer({ config: { minConcurrency: 4, maxConcurrency: 4 } })
  const draining = closeConnectionsWhenDraining(app)
  const gate = Promise.withResolvers<void>()
  const taken = Promise.withResolvers<void>()
  const config = { access: 'public' } as const
  app.get('/quick', { config }, async () => ({ done: true }))
  app.get('/held', { config }, async () => {
    taken.resolve()
    await gate.promise
    return { done: true }
  })
  const url = await app.listen({ host: '127.0.0.1', port: 0 })
  const agent = new Agent({ keepAlive: true })
  closers.push(
    () => app.close(),
    () => agent.destroy(),
    () => gate.resolve(),
  )

  async function ask(path: string) {
    const [answer] = (await once(get(url + path, { agent }), 'response')) as [IncomingMessage]
    const body = await text(answer)
    return { status: answer.statusCode, connection: answer.headers.connection, body }
  }
  return { app, draining, ask, url, taken: taken.promise, release: () => gate.resolve() }
}

const stop = (drainMs: number, hurry = new AbortController()) => ({
  drainMs,
  hurry: hurry.signal,
  logger,
})

describe('a server that is about to stop', () => {
  it('keeps connections until then', async () => {
    const { ask } = await setUp()
    expect(await ask('/quick')).toMatchObject({ status: 200, connection: 'keep-alive' })
  })

  it('goes on serving, and closes the connection of whatever it answers', async () => {
    const { draining, ask } = await setUp()
    draining.begin()
    expect(await ask('/quick')).toMatchObject({ status: 200, connection: 'close' })
    expect(await ask('/nowhere')).toMatchObject({ status: 404, connection: 'close' })
    expect(await ask('/%zz')).toMatchObject({ status: 400, connection: 'close' })
  })

  it('closes the connections of those that it refuses', async () => {
    const { draining, ask, release } = await setUp()
    const held = Array.from({ length: 4 }, () => ask('/held'))
    await expect.poll(async () => (await ask('/quick')).status, PATIENCE).toBe(503)
    draining.begin()
    expect(await ask('/quick')).toMatchObject({ status: 503, connection: 'close' })
    release()
    for (const answer of await Promise.all(held)) {
      expect(answer).toMatchObject({ status: 200, connection: 'close' })
    }
  })

  it('answers what is under way before it ends, and takes nothing new then', async () => {
    const { app, draining, ask, taken, release } = await setUp()
    const held = ask('/held')
    await taken
    draining.begin()
    const stopped = drain(app, stop(0))
    await expect.poll(() => ask('/quick').catch(() => 'refused'), PATIENCE).toBe('refused')
    release()
    expect(await held).toMatchObject({ status: 200, connection: 'close' })
    await stopped
  })

  it('answers who has connected before the end and asks only then', async () => {
    const { app, draining, ask, url } = await setUp()
    const early = connect(Number(new URL(url).port), '127.0.0.1')
    await once(early, 'connect')
    // Accepted after the one above, so that this one was, too.
    await ask('/quick')
    draining.begin()
    const stopped = drain(app, stop(0))
    await expect.poll(() => ask('/quick').catch(() => 'refused'), PATIENCE).toBe('refused')
    early.write('GET /quick HTTP/1.1\r\nHost: localhost\r\n\r\n')
    expect(await text(early)).toMatch(/^HTTP\/1\.1 200 OK\r\n.*\r\nconnection: close\r\n/is)
    await stopped
  })

  it('told to hurry, waits for nobody', async () => {
    const { app, draining, ask, taken } = await setUp()
    const held = ask('/held').catch((error: Error) => error)
    await taken
    draining.begin()
    const hurry = new AbortController()
    const stopped = drain(app, stop(60_000, hurry))
    hurry.abort()
    await stopped
    expect(await held).toBeInstanceOf(Error)
  })
})
