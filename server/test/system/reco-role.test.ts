import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { seedListening } from '#test'
import { type Caller, type RecoPair, recoPair, registerAt, songs } from './reco-pair.ts'

type Part = Awaited<ReturnType<RecoPair['api']>>

const SEED_TIMEOUT_MS = 120_000
const PATIENCE = { timeout: 15_000, interval: 100 }

let pair: RecoPair
let reco: Part
let local: Part
let remote: Part
let user: Caller

/** Starts what has not looked for a model yet: whoever finds none looks again after ten seconds. */
async function startAll(): Promise<void> {
  reco = await pair.reco()
  local = await pair.api()
  remote = await pair.api({ RECO_URL: reco.url })
}

beforeAll(async () => {
  pair = await recoPair()
  await startAll()
  user = await registerAt(local)
}, SEED_TIMEOUT_MS)
afterAll(() => pair.close())

const portOf = (url: string) => Number(new URL(url).port)

/** What the answer says apart from what names this one request. */
function told(answer: Awaited<ReturnType<typeof songs>>) {
  const { requestId: _, generatedAt: __, ...body } = answer.json<Record<string, unknown>>()
  return { status: answer.statusCode, retryAfter: answer.headers['retry-after'], body }
}

describe('recommendations made by another process', () => {
  it('are refused in the same words as those made here', async () => {
    const noModel = told(await songs(remote, user, 'es'))
    expect(noModel).toMatchObject({ status: 503, body: { code: 'recommendations.no_model' } })
    expect(noModel).toEqual(told(await songs(local, user, 'es')))
    expect(told(await songs(remote, user, 'not_a_tag'))).toEqual(
      told(await songs(local, user, 'not_a_tag')),
    )
    const mine = { url: '/reco/me', headers: user.headers }
    expect(told(await remote.app.inject(mine))).toEqual(told(await local.app.inject(mine)))
  })

  it(
    'are the same as those made here',
    async () => {
      await seedListening(local.system)
      await startAll()
      const there = told(await songs(remote, user, 'es'))
      expect(there.body['items']).toHaveLength(10)
      expect(there).toEqual(told(await songs(local, user, 'es')))
    },
    SEED_TIMEOUT_MS,
  )

  it('carry the trace and the id of the request that they are made for', async () => {
    const traceId = '5bf92f3577b34da6a3ce929d0e0e4736'
    reco.lines.length = 0
    await songs(remote, user, 'fr', { traceparent: `00-${traceId}-00f067aa0ba902b7-01` })
    const logged = () => reco.lines.filter((line) => line.includes('/internal/v1/reco/by-language'))
    await expect.poll(logged).toHaveLength(1)
    expect(JSON.parse(logged()[0] ?? '')).toMatchObject({
      trace_id: traceId,
      request_id: traceId,
      user_id: user.userId,
      status_code: 200,
    })
  })

  it(
    'are served from before while that process is away, and anew when it is back',
    async () => {
      expect((await songs(remote, user, 'es')).statusCode).toBe(200)
      const port = portOf(reco.url)
      await reco.close()

      // What was kept for half a minute is new; then it stands in.
      const kept = told(await songs(remote, user, 'es'))
      expect(kept).toMatchObject({ status: 200, body: { lang: 'es' } })
      const never = told(await songs(remote, user, 'it'))
      expect(never).toMatchObject({ status: 503, body: { code: 'recommendations.unavailable' } })
      expect(Number(never.retryAfter)).toBeGreaterThan(0)

      reco = await pair.reco({}, port)
      await expect
        .poll(async () => (await songs(remote, user, 'it')).statusCode, PATIENCE)
        .toBe(200)
    },
    SEED_TIMEOUT_MS,
  )
})

describe('a process that serves recommendations alone', () => {
  const ask = (headers: Record<string, string>) =>
    reco.app.inject({
      method: 'POST',
      url: '/internal/v1/reco/by-language',
      headers,
      body: { lang: 'es', limit: 5 },
    })

  it.each([
    ['nobody', () => ({})],
    ['a user with a token of the API', () => user.headers],
    ['somebody with a made-up token', () => ({ authorization: 'Bearer a.b.c' })],
    ['somebody who names a user in a header', () => ({ 'x-user-id': user.userId })],
  ])('answers 401 to %s', async (_, headers) => {
    const answer = await ask(headers())
    expect(answer.statusCode).toBe(401)
    expect(answer.headers['content-type']).toContain('application/problem+json')
  })

  it('has nothing else to offer', async () => {
    expect((await reco.app.inject({ url: '/users/me', headers: user.headers })).statusCode).toBe(
      404,
    )
    expect((await reco.app.inject({ url: '/health/ready' })).json()).toMatchObject({
      status: 'ok',
      checks: { database: 'ok' },
    })
  })
})
