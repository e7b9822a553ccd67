import { connect } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { bearer, type SmallServerOptions, smallServer } from '../small-server.ts'
import type { Priority } from './admission.ts'

const closers: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close()
})

const LIMIT = 10
/** Longer than any step should take, even on a busy machine. */
const PATIENCE = { timeout: 5_000, interval: 20 }
/** The whole of the answer, so that it is over when this resolves. */
type Answer = { status: number; body: string; headers: Headers; tookMs: number }

/** A listening server whose `/held/…` routes answer when told, with a limit that stays. */
async function setUp(options: SmallServerOptions = {}) {
  const server = await smallServer({
    config: { minConcurrency: LIMIT, maxConcurrency: LIMIT },
    ...options,
  })
  const { app, metrics } = server
  const gate = Promise.withResolvers<void>()
  const held: Promise<Answer>[] = []
  const priorities: Priority[] = ['always', 'critical', 'normal', 'bulk', 'intake']
  for (const priority of priorities) {
    const config = { access: 'public', priority } as const
    app.get(`/held/${priority}`, { config }, async () => {
      await gate.promise
      return { held: true }
    })
    app.get(`/quick/${priority}`, { config }, async () => ({ held: false }))
    app.post(`/quick/${priority}`, { config }, async ({ body }) => ({ body }))
  }
  app.get('/guarded', { config: { access: { scope: 'a:read' } } }, async () => gate.promise)
  const url = await app.listen({ host: '127.0.0.1', port: 0 })

  async function ask(path: string, init: RequestInit = {}): Promise<Answer> {
    const startedMs = performance.now()
    const answer = await fetch(url + path, init)
    const body = await answer.text()
    const { status, headers } = answer
    return { status, body, headers, tookMs: performance.now() - startedMs }
  }
  const inFlight = async (lane = 'requests') => {
    const gauge = await metrics.registry.getSingleMetric('http_requests_in_flight')?.get()
    return gauge?.values.find(({ labels }) => labels['lane'] === lane)?.value
  }
  /** Starts requests that stay; resolves when the server has them in hand. */
  async function hold(count: number, path: string, init: RequestInit = {}) {
    const answers = Array.from({ length: count }, () => ask(path, init))
    held.push(...answers)
    const lane = path.endsWith('intake') ? 'intake' : 'requests'
    await expect.poll(() => inFlight(lane), PATIENCE).toBe(count)
    return { answers }
  }
  closers.push(async () => {
    gate.resolve()
    await Promise.allSettled(held)
    await app.close()
  })
  return {
    ...server,
    ask,
    hold,
    inFlight,
    release: () => gate.resolve(),
    port: Number(new URL(url).port),
  }
}

describe('a server that has all it can do', () => {
  it('answers at once, with a problem and a time to come back', async () => {
    const { ask, hold } = await setUp()
    await hold(LIMIT, '/held/normal')
    const answer = await ask('/quick/normal')
    expect(answer).toMatchObject({ status: 503 })
    expect(JSON.parse(answer.body)).toMatchObject({ code: 'http.overloaded', status: 503 })
    expect(answer.headers.get('content-type')).toContain('application/problem+json')
    expect(answer.headers.get('cache-control')).toBe('no-store')
    expect(['1', '2', '3', '4']).toContain(answer.headers.get('retry-after'))
  })

  it('says different times to different callers', async () => {
    const { ask, hold } = await setUp()
    await hold(LIMIT, '/held/normal')
    const answers = await Promise.all(Array.from({ length: 40 }, () => ask('/quick/normal')))
    const times = new Set(answers.map(({ headers }) => headers.get('retry-after')))
    expect(times.size).toBeGreaterThan(1)
  })

  it('refuses within milliseconds, however many come', async () => {
    const { ask, hold } = await setUp()
    await hold(LIMIT, '/held/normal')
    for (let warmUp = 0; warmUp < 20; warmUp += 1) await ask('/quick/normal')
    const tookMs: number[] = []
    for (let count = 0; count < 100; count += 1) tookMs.push((await ask('/quick/normal')).tookMs)
    expect(tookMs.toSorted((a, b) => a - b)[50]).toBeLessThan(50)
  })

  it('says still that it lives, and serves what is critical', async () => {
    const { ask, hold } = await setUp()
    await hold(LIMIT, '/held/normal')
    expect(await ask('/quick/always')).toMatchObject({ status: 200 })
    expect(await ask('/quick/critical')).toMatchObject({ status: 200 })
    expect(await ask('/quick/bulk')).toMatchObject({ status: 503 })
  })

  it('sheds what is expensive while the rest is still served', async () => {
    const { ask, hold } = await setUp()
    await hold(8, '/held/normal')
    expect(await ask('/quick/bulk')).toMatchObject({ status: 503 })
    expect(await ask('/quick/normal')).toMatchObject({ status: 200 })
  })

  it('keeps events and everything else apart', async () => {
    const { ask, hold } = await setUp()
    await hold(LIMIT, '/held/intake')
    expect(await ask('/quick/intake')).toMatchObject({ status: 503 })
    expect(await ask('/quick/normal')).toMatchObject({ status: 200 })
  })

  it('serves all that it took in hand, then everybody again', async () => {
    const { ask, hold, release, inFlight } = await setUp()
    const { answers } = await hold(LIMIT, '/held/normal')
    expect(await ask('/quick/normal')).toMatchObject({ status: 503 })
    release()
    for (const answer of await Promise.all(answers)) expect(answer.status).toBe(200)
    await expect.poll(() => inFlight(), PATIENCE).toBe(0)
    expect(await ask('/quick/normal')).toMatchObject({ status: 200 })
  })

  it('keeps the place of a caller that hangs up until its work is done', async () => {
    const { ask, hold, inFlight, release } = await setUp()
    const hangUp = new AbortController()
    const { answers } = await hold(LIMIT, '/held/normal', { signal: hangUp.signal })
    hangUp.abort()
    await Promise.allSettled(answers)
    expect(await ask('/quick/normal')).toMatchObject({ status: 503 })
    release()
    await expect.poll(() => inFlight(), PATIENCE).toBe(0)
  })

  it('gives up the place of a caller that hangs up before its request is whole', async () => {
    const { port, inFlight } = await setUp()
    const socket = connect(port, '127.0.0.1')
    const head = ['POST /quick/normal HTTP/1.1', 'Host: x', 'Content-Type: application/json']
    socket.write([...head, 'Content-Length: 100', '', '{"half":'].join('\r\n'))
    await expect.poll(() => inFlight(), PATIENCE).toBe(1)
    socket.destroy()
    await expect.poll(() => inFlight(), PATIENCE).toBe(0)
  })
})

describe('a refusal', () => {
  it('comes before the caller is proved and the body read', async () => {
    const { ask, hold, authenticated } = await setUp()
    await hold(LIMIT, '/held/normal')
    expect(await ask('/guarded', { headers: bearer('ann') })).toMatchObject({ status: 503 })
    expect(authenticated).toEqual([])
    const noJson = { method: 'POST', body: '{', headers: { 'content-type': 'application/json' } }
    expect(await ask('/quick/normal', noJson)).toMatchObject({ status: 503 })
  })

  it('cuts a long body off with its connection', async () => {
    const { ask, hold } = await setUp()
    await hold(LIMIT, '/held/normal')
    const headers = { 'content-type': 'application/json' }
    const answer = await ask('/quick/normal', {
      method: 'POST',
      body: JSON.stringify('x'.repeat(70_000)),
      headers,
    })
    expect(answer.status).toBe(503)
    expect(answer.headers.get('connection')).toBe('close')
  })

  it('is counted, and logged in sums', async () => {
    const { ask, hold, metrics, lines } = await setUp()
    await hold(LIMIT, '/held/normal')
    lines.length = 0
    for (let count = 0; count < 30; count += 1) await ask('/quick/normal')
    const { values } = await metrics.httpShed.get()
    expect(values).toEqual([
      expect.objectContaining({ labels: { priority: 'normal', reason: 'limit' }, value: 30 }),
    ])
    expect(lines.length).toBeLessThan(5)
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ level: 'WARN', reasons: { limit: 1 } })
  })
})

describe('tenants of a crowded server', () => {
  it('are users by tokens that were found good, else networks', async () => {
    const known = new Set(['ann', 'ben'])
    const { ask, hold } = await setUp({
      userOf: (token) => (known.has(token) ? token : undefined),
    })
    // Ann fills everything; Ben gets in, but nobody by inventing names.
    await hold(LIMIT, '/held/normal', { headers: bearer('ann') })
    const as = (token: string) => ask('/quick/normal', { headers: bearer(token) })
    expect(await as('ann')).toMatchObject({ status: 503 })
    expect(await as('ben')).toMatchObject({ status: 200 })
    await hold(LIMIT + 1, '/held/normal', { headers: bearer('made.up.1') }).catch(() => undefined)
    expect(await as('made.up.2')).toMatchObject({ status: 503 })
  })
})
