import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { type Sandbox, startSandbox } from '@music-language/sandbox'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestApp, sharedData, type TestApp, type TestUser } from '#test'
import { consent } from '../../../test/music/consent.ts'
import { sandboxControl } from '../../../test/music/sandbox-control.ts'

const naughty = sharedData('bad-input/blns.json')

let sandbox: Sandbox
let test: TestApp
let listeners: { id: string }[]
beforeAll(async () => {
  sandbox = await startSandbox()
  listeners = await sandboxControl(sandbox.url).listeners()
  test = await createTestApp({
    env: {
      SPOTIFY_CLIENT_ID: 'sandbox-client',
      SPOTIFY_CLIENT_SECRET: 'sandbox-secret',
      SPOTIFY_ACCOUNTS_URL: `${sandbox.url}/spotify/accounts`,
      SPOTIFY_API_URL: `${sandbox.url}/spotify/api/v1`,
    },
  })
})
afterAll(async () => {
  await test.close()
  await sandbox.close()
})

const get = (url: string, headers: Record<string, string> = {}) => test.app.inject({ url, headers })
const as = (user: TestUser, url: string) => get(url, user.headers)

async function begin(user: TestUser, returnTo?: string) {
  const query = returnTo === undefined ? '' : `?return_to=${encodeURIComponent(returnTo)}`
  const answer = await as(user, `/auth/spotify/login${query}`)
  const cookie = String(answer.headers['set-cookie'])
  return { answer, cookie, authorizeUrl: answer.json<{ authorizeUrl: string }>().authorizeUrl }
}

/** Goes through the consent page: the callback's URL, not yet called. */
async function agree(authorizeUrl: string, listener = listeners.shift()?.id ?? '') {
  return `/auth/spotify/callback?${(await consent(authorizeUrl, listener)).toString()}`
}

async function linkedUser(): Promise<TestUser> {
  const user = await test.register()
  const answer = await get(await agree((await begin(user)).authorizeUrl))
  expect(answer.statusCode).toBe(200)
  return user
}

describe('linking over HTTP', () => {
  it('links, shows, and unlinks', async () => {
    const user = await test.register()
    const { answer, authorizeUrl } = await begin(user)
    expect(answer.headers['cache-control']).toBe('no-store')

    const done = await get(await agree(authorizeUrl))
    expect(done.json()).toMatchObject({ linked: { provider: 'spotify' }, returnTo: '/' })
    const { links } = (await as(user, '/music/links')).json()
    expect(links).toMatchObject([{ provider: 'spotify', health: 'active' }])

    const removed = await test.app.inject({
      method: 'DELETE',
      url: '/music/links/spotify',
      headers: user.headers,
    })
    expect(removed.statusCode).toBe(204)
    expect((await as(user, '/music/links')).json()).toEqual({ links: [] })
  })

  it('sends a browser back to the page it came from, by its cookie', async () => {
    const user = await test.register()
    const { cookie, authorizeUrl } = await begin(user, '/links?new=1')
    const url = await agree(authorizeUrl)

    const answer = await get(url, {
      accept: 'text/html,*/*;q=0.8',
      'sec-fetch-mode': 'navigate',
      cookie: `theme=dark; ${cookie.split(';')[0]}`,
    })

    expect(cookie).toMatch(/; HttpOnly; SameSite=Lax$/)
    expect(answer.statusCode).toBe(303)
    expect(answer.headers.location).toBe('http://127.0.0.1:4000/links?new=1')
    expect(answer.headers['referrer-policy']).toBe('no-referrer')
  })

  it('refuses a browser that the attempt did not begin in', async () => {
    const [attacker, victim] = [await test.register(), await test.register()]
    const url = await agree((await begin(attacker)).authorizeUrl)
    const { cookie } = await begin(victim)

    const led = await get(url, {
      'sec-fetch-mode': 'navigate',
      cookie: cookie.split(';')[0] ?? '',
    })

    expect(led.statusCode).toBe(400)
    expect(led.json()).toMatchObject({ code: 'music.link_state_invalid' })
    expect((await as(attacker, '/music/links')).json()).toEqual({ links: [] })
  })

  it.each([
    ['that says it follows a link', { 'sec-fetch-mode': 'navigate' }],
    // What browsers send to a plain HTTP address that is not the machine's own.
    ['that asks for a page', { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' }],
    ['that asks for a page in capitals', { accept: 'TEXT/HTML' }],
  ])('refuses a browser %s and has no cookie', async (_, headers) => {
    const attacker = await test.register()
    const url = await agree((await begin(attacker)).authorizeUrl)

    const led = await get(url, headers)

    expect([led.statusCode, led.json().code]).toEqual([400, 'music.link_state_invalid'])
    expect((await as(attacker, '/music/links')).json()).toEqual({ links: [] })
  })

  it('refuses an attempt whose user has signed out meanwhile', async () => {
    const user = await test.register()
    const url = await agree((await begin(user)).authorizeUrl)
    await test.app.inject({ method: 'POST', url: '/auth/logout', headers: user.headers })

    expect((await get(url)).json()).toMatchObject({ code: 'music.link_state_invalid' })
  })

  it.each(['//e', '/\\e', 'https://ok@e', '/x\r\nSet-Cookie: a=b'])(
    'comes back to the default page when asked for %j',
    async (returnTo) => {
      const user = await test.register()
      const { cookie, authorizeUrl } = await begin(user, returnTo)
      const url = await agree(authorizeUrl)

      const answer = await get(url, { accept: 'text/html', cookie: cookie.split(';')[0] ?? '' })

      expect(answer.headers.location).toBe('http://127.0.0.1:4000/')
    },
  )

  it('answers 400 to a callback that is no answer of ours', async () => {
    for (const query of [
      '',
      '?state=',
      '?state=a&state=b',
      '?code=x',
      `?state=${'x'.repeat(600)}`,
    ]) {
      const answer = await get(`/auth/spotify/callback${query}`)
      expect(answer.statusCode, query).toBe(400)
      expect(answer.headers['content-type']).toContain('application/problem+json')
    }
  })
})

describe('music over HTTP', () => {
  it('lists top tracks with their languages, and each track by itself', async () => {
    const user = await linkedUser()

    const answer = await as(user, '/music/me/top/tracks?limit=7&time_range=short_term')

    expect(answer.statusCode).toBe(200)
    const { items, timeRange, stale } = answer.json()
    expect([items.length, timeRange, stale]).toEqual([7, 'short_term', false])
    const track = await as(user, `/music/tracks/${items[0].trackId}`)
    expect(track.json()).toEqual(items[0])
  })

  it('lists 20 of the middle range by default', async () => {
    const user = await linkedUser()

    for (const kind of ['tracks', 'artists']) {
      const { items, timeRange } = (await as(user, `/music/me/top/${kind}`)).json()
      expect([items.length, timeRange]).toEqual([20, 'medium_term'])
    }
  })

  it('finds five tracks by default', async () => {
    const user = await linkedUser()
    const artist = encodeURIComponent(sandbox.catalogue.tracks[0]?.artistNames[0] ?? '')

    const answer = await as(user, `/music/search?q=${artist}`)

    expect(answer.statusCode).toBe(200)
    expect(answer.json().items.length).toBeGreaterThan(0)
    expect(answer.json().items.length).toBeLessThanOrEqual(5)
  })

  it('answers 409 to a user without a link', async () => {
    const user = await test.register()
    for (const path of ['me/top/tracks', 'me/top/artists', 'search?q=a']) {
      const answer = await as(user, `/music/${path}`)
      expect([path, answer.statusCode]).toEqual([path, 409])
      expect(answer.json().code).toBe('music.not_linked')
    }
  })

  it('answers 404 to a track that is not there', async () => {
    const answer = await as(await test.register(), `/music/tracks/${randomUUID()}`)
    expect([answer.statusCode, answer.json().code]).toEqual([404, 'music.track_not_found'])
  })

  it.each([
    '/music/me/top/tracks?limit=0',
    '/music/me/top/tracks?limit=51',
    '/music/me/top/tracks?limit=x',
    '/music/me/top/artists?time_range=ever',
    '/music/search',
    '/music/search?q=',
    '/music/search?q=%20%20',
    '/music/search?q=a%00b',
    '/music/search?q=a&limit=11',
    `/music/search?q=${'x'.repeat(201)}`,
    '/music/tracks/1',
    `/auth/spotify/login?return_to=${'x'.repeat(501)}`,
  ])('answers 400 to %s', async (url) => {
    const answer = await as(await test.register(), url)
    expect(answer.statusCode).toBe(400)
    expect(answer.headers['content-type']).toContain('application/problem+json')
  })

  it.each([
    ['GET', '/auth/spotify/login'],
    ['GET', '/music/links'],
    ['DELETE', '/music/links/spotify'],
    ['GET', '/music/me/top/tracks'],
    ['GET', '/music/me/top/artists'],
    ['GET', '/music/search?q=a'],
    ['GET', '/music/tracks/0198c0de-0000-7000-8000-000000000000'],
  ] as const)('answers 401 without a token to %s %s', async (method, url) => {
    expect((await test.app.inject({ method, url })).statusCode).toBe(401)
  })

  it.skipIf(naughty.missing !== undefined)(
    `survives the naughty strings (${naughty.missing ?? naughty.path})`,
    async () => {
      const user = await linkedUser()
      const strings: string[] = JSON.parse(readFileSync(naughty.path, 'utf8'))
      for (const text of strings) {
        const value = encodeURIComponent(text.toWellFormed())
        const urls = [
          `/music/search?q=${value}`,
          `/music/tracks/${value || 'x'}`,
          `/auth/spotify/login?return_to=${value}`,
          `/auth/spotify/callback?state=${value}&code=${value}`,
        ]
        const answers = await Promise.all(urls.map((url) => as(user, url)))
        expect(answers.filter(({ statusCode }) => statusCode >= 500).length, text).toBe(0)
      }
    },
    120_000,
  )
})
