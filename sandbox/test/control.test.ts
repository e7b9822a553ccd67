import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type Sandbox, startSandbox } from '../src/index.ts'
import { api, control, genius, signIn, tokenRequest } from './client.ts'

let sandbox: Sandbox
let token: string

beforeAll(async () => {
  sandbox = await startSandbox()
  token = (await signIn(sandbox.url, 'sofia')).access_token
})
afterEach(async () => {
  await fetch(`${sandbox.url}/control/faults`, { method: 'DELETE' })
})
afterAll(() => sandbox.close())

const plan = (fault: Record<string, unknown>) => control(sandbox.url, '/faults', fault)

describe('faults', () => {
  it('limits the rate for a number of requests, then stops', async () => {
    await plan({ target: 'spotify.api', kind: 'rate-limit', retryAfterSeconds: 7, times: 2 })
    const statuses: number[] = []
    for (let i = 0; i < 3; i += 1) {
      const answer = await api(sandbox.url, '/me', token)
      statuses.push(answer.status)
      if (i === 0) {
        expect(answer.headers.get('retry-after')).toBe('7')
        expect(await answer.json()).toEqual({
          error: { status: 429, message: 'API rate limit exceeded', reason: 'QUOTA_EXCEEDED' },
        })
      }
    }
    expect(statuses).toEqual([429, 429, 200])
  })

  it('meets only the paths and the provider it names', async () => {
    await plan({ target: 'spotify.api', kind: 'status', status: 503, match: '/me/top' })
    expect((await api(sandbox.url, '/me/top/tracks', token)).status).toBe(503)
    expect((await api(sandbox.url, '/me', token)).status).toBe(200)
    expect((await genius(sandbox.url, '/search?q=x')).status).toBe(200)
  })

  it('revokes on refresh', async () => {
    await plan({ target: 'spotify.token', kind: 'invalid-grant', times: 1 })
    const answer = await tokenRequest(sandbox.url, {
      grant_type: 'refresh_token',
      refresh_token: 'x',
    })
    expect(answer.status).toBe(400)
    expect(await answer.json()).toEqual({
      error: 'invalid_grant',
      error_description: 'Refresh token revoked',
    })
  })

  it('answers late', async () => {
    await plan({ target: 'genius', kind: 'slow', delayMs: 150, times: 1 })
    const start = performance.now()
    expect((await genius(sandbox.url, '/search?q=amor')).status).toBe(200)
    expect(performance.now() - start).toBeGreaterThan(140)
  })

  it('breaks the JSON', async () => {
    await plan({ target: 'genius', kind: 'malformed', times: 1 })
    const answer = await genius(sandbox.url, '/search?q=amor')
    expect(answer.status).toBe(200)
    await expect(answer.json()).rejects.toThrow(SyntaxError)
  })

  it('cuts the connection', async () => {
    await plan({ target: 'spotify.api', kind: 'reset', times: 1 })
    await expect(api(sandbox.url, '/me', token)).rejects.toThrow('fetch failed')
  })

  it('hangs, and still closes', async () => {
    const other = await startSandbox()
    await control(other.url, '/faults', { target: 'genius', kind: 'hang' })
    const hanging = genius(other.url, '/search?q=x')
    const outcome = expect(hanging).rejects.toThrow('fetch failed')
    // The request has arrived once it is counted.
    await expect
      .poll(async () => (await fetch(`${other.url}/control/requests`)).json())
      .toMatchObject({ total: 1 })
    await other.close()
    await outcome
  })

  it.each([
    { target: 'spotify', kind: 'slow' },
    { target: 'genius', kind: 'explode' },
    { target: 'genius', kind: 'status', status: 200 },
    { target: 'genius', kind: 'invalid-grant' },
    { kind: 'slow' },
  ])('refuses the plan %o', async (fault) => {
    expect((await plan(fault)).status).toBe(400)
  })
})

describe('the count of requests', () => {
  it('tells how often each provider path was called since the clearing', async () => {
    await fetch(`${sandbox.url}/control/requests`, { method: 'DELETE' })
    await api(sandbox.url, '/me', token)
    await api(sandbox.url, '/me', token)
    await genius(sandbox.url, '/search?q=x')
    const answer = await fetch(`${sandbox.url}/control/requests`)
    expect(await answer.json()).toMatchObject({
      total: 3,
      byTarget: { 'spotify.api': 2, genius: 1 },
      byPath: { 'spotify.api GET /v1/me': 2, 'genius GET /search': 1 },
      requests: [{ path: '/v1/me' }, { path: '/v1/me' }, { path: '/search', query: 'q=x' }],
    })
  })
})

describe('the truth', () => {
  it('tells the languages of tracks by ISRC and by Spotify id', async () => {
    const [first, second] = sandbox.catalogue.tracks
    const answer = await fetch(
      `${sandbox.url}/control/truth?isrc=${first?.isrc}&isrc=XX0000000000&spotify_id=${second?.id}`,
    )
    expect(await answer.json()).toMatchObject({
      tracks: [
        { isrc: first?.isrc, languages: first?.languages },
        { spotify_id: second?.id, languages: second?.languages },
      ],
      unknown: ['XX0000000000'],
    })
  })

  it('refuses to revoke somebody unknown', async () => {
    expect((await control(sandbox.url, '/revoke', { listener: 'nobody' })).status).toBe(404)
  })
})
