import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { afterEach, describe, expect, it } from 'vitest'
import { listen } from '#platform/http-listen'
import { createMetrics } from '#platform/telemetry'
import { type ProviderClientOptions, providerClient } from './provider-client.ts'
import { ProviderError } from './provider-error.ts'

const closers: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close()
})

type Handler = (request: IncomingMessage, response: ServerResponse, call: number) => void

/** A provider that answers as told, and a client of it. */
async function setUp(handler: Handler, options: Partial<ProviderClientOptions> = {}) {
  let calls = 0
  const server = createServer((request, response) => {
    calls += 1
    handler(request, response, calls)
  })
  const { url, close } = await listen(server, { host: '127.0.0.1', port: 0 })
  const client = providerClient({
    provider: 'test',
    baseUrl: `${url}/base`,
    metrics: createMetrics(),
    random: () => 0,
    ...options,
  })
  closers.push(close, client.close)
  return { client, calls: () => calls }
}

const json = (response: ServerResponse, status: number, body: unknown) =>
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))

const failure = async (promise: Promise<unknown>): Promise<ProviderError> => {
  const error = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  if (error instanceof ProviderError) return error
  throw new Error('expected a ProviderError', { cause: error })
}

const get = { operation: 'thing', path: '/thing' }

describe('providerClient', () => {
  it('sends path, query and form below the base URL', async () => {
    const seen: string[] = []
    const { client } = await setUp((request, response) => {
      seen.push(`${request.method} ${request.url}`)
      json(response, 200, { ok: true })
    })
    await client.send({ ...get, query: { q: 'a b&c', limit: 5, none: undefined } })
    const answer = await client.send({ ...get, method: 'POST', form: { grant: 'x' } })
    expect(seen).toEqual(['GET /base/thing?q=a+b%26c&limit=5', 'POST /base/thing'])
    expect(answer).toEqual({ status: 200, body: { ok: true } })
  })

  it('leaves a 4xx to the caller, with its body', async () => {
    const { client, calls } = await setUp((_, response) => json(response, 404, { error: 'no' }))
    expect(await client.send(get)).toEqual({ status: 404, body: { error: 'no' } })
    expect(calls()).toBe(1)
  })

  it('tries a failed GET again, but never a POST', async () => {
    const flaky: Handler = (_, response, call) => json(response, call === 1 ? 503 : 200, { call })
    const reading = await setUp(flaky)
    expect(await reading.client.send(get)).toEqual({ status: 200, body: { call: 2 } })
    const writing = await setUp(flaky)
    const error = await failure(writing.client.send({ ...get, method: 'POST', json: {} }))
    expect(error).toMatchObject({ fault: 'unavailable', status: 503 })
    expect(writing.calls()).toBe(1)
  })

  it('gives up after three attempts', async () => {
    const { client, calls } = await setUp((_, response) => json(response, 500, {}))
    expect((await failure(client.send(get))).fault).toBe('unavailable')
    expect(calls()).toBe(3)
  })

  it('passes a long Retry-After on instead of waiting', async () => {
    const { client, calls } = await setUp((_, response) => {
      response.setHeader('retry-after', '3600')
      json(response, 429, {})
    })
    const error = await failure(client.send(get))
    expect(error).toMatchObject({ fault: 'rate-limited', retryAfterSeconds: 3600 })
    expect(calls()).toBe(1)
  })

  it.each<[string, Handler]>([
    ['a body that is no JSON', (_, response) => response.writeHead(200).end('<html>')],
    ['a connection that breaks', (request) => request.socket.destroy()],
    ['a body over the bound', (_, response) => json(response, 200, 'x'.repeat(2000))],
    ['an answer that never comes', () => {}],
    [
      'a body that drips on for ever',
      (_, response) => {
        response.writeHead(200)
        const drip = setInterval(() => response.write(' '), 20)
        response.on('close', () => clearInterval(drip))
      },
    ],
  ])('calls it unavailable: %s', async (_, handler) => {
    const { client } = await setUp(handler, { timeoutMs: 100, maxResponseBytes: 1000 })
    expect((await failure(client.send(get))).fault).toBe('unavailable')
  })

  it('does not follow a redirect', async () => {
    const { client, calls } = await setUp((_, response) =>
      response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end(),
    )
    expect((await client.send(get)).status).toBe(302)
    expect(calls()).toBe(1)
  })
})
