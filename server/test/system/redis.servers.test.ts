import { randomBytes } from 'node:crypto'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { InjectOptions } from 'fastify'
import { Redis } from 'ioredis'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { missingServer, type RedisServer, startRedis } from '#servers'
import {
  createTestApp,
  seedListening,
  startTestSandbox,
  type TestApp,
  type TestSandbox,
  type TestUser,
} from '#test'
import { sandboxControl } from '../music/sandbox-control.ts'

const missing = missingServer('redis-server')
const secret = () => randomBytes(32).toString('base64')

/** A listener of the sandbox that nobody has linked. */
let nextListener = 0

describe.skipIf(missing)(`the system on Redis${missing ? ` (${missing})` : ''}`, () => {
  let redis: RedisServer
  let client: Redis
  let sandbox: TestSandbox
  let one: TestApp
  let two: TestApp
  let listeners: readonly { id: string }[]

  beforeAll(async () => {
    redis = await startRedis({ maxmemory: '6mb', 'maxmemory-policy': 'noeviction' })
    client = new Redis(redis.url)
    client.on('error', () => undefined)
    sandbox = await startTestSandbox()
    const env = {
      ...sandbox.env,
      REDIS_URL: redis.url,
      // So that a machine that is busy with other tests is not taken for a frozen Redis.
      REDIS_COMMAND_TIMEOUT_MS: '1000',
      DATA_DIR: join(tmpdir(), `music-language-test-${randomBytes(6).toString('hex')}`),
      APP_SECRET: secret(),
      TOKEN_ENCRYPTION_KEYS: `test:${secret()}`,
    }
    one = await createTestApp({ env })
    two = await createTestApp({ env: { ...env, DATABASE_URL: one.config.database.url } })
    listeners = await sandboxControl(sandbox.url).listeners()
    await seedListening(one.system)
    await use(one)
    await use(two)
  }, 180_000)
  beforeEach(isShared)

  afterAll(async () => {
    await one?.close()
    await two?.close()
    client?.disconnect()
    await sandbox?.close()
    await redis?.stop()
  })

  /** What a user does, from the beginning to the end. Returns the status of each answer. */
  async function use({ app, register }: TestApp, last = ''): Promise<Record<string, number>> {
    const user = await register()
    const { headers } = user
    await sandbox.link(app, headers, listeners[nextListener++]?.id ?? '')
    const statuses: Record<string, number> = {}
    const ask = async (name: string, request: InjectOptions) => {
      const answer = await app.inject({ headers, ...request })
      statuses[name] = answer.statusCode
      return answer
    }
    const top = await ask('top tracks', { url: '/music/me/top/tracks' })
    await ask('top tracks again', { url: '/music/me/top/tracks' })
    await ask('top artists', { url: '/music/me/top/artists' })
    await ask('search', { url: `/music/search?q=love${last}` })
    await ask('track', { url: `/language/tracks/${top.json().items[0].trackId}` })
    await ask('lyrics', {
      url: `/lyrics?artist=Luis%20Fonsi&title=Despacito%20-%20Remastered%20201${last}`,
    })
    await ask('no lyrics', { url: `/lyrics?artist=Nobody&title=Nothing${last}` })
    await ask('pages', { url: `/lyrics/search?q=queen${last}` })
    const body = { lang: 'es', limit: 5 }
    await ask('recommendations', { method: 'POST', url: '/reco/by-language', body })
    await ask('me', { url: '/users/me' })
    const { refreshToken } = user
    await ask('refresh', { method: 'POST', url: '/auth/refresh', body: { refreshToken } })
    await ask('unlink', { method: 'DELETE', url: '/music/links/spotify' })
    await ask('log out', { method: 'POST', url: '/auth/logout' })
    await ask('logged out', { url: '/users/me' })
    return statuses
  }

  const EXPECTED = {
    'top tracks': 200,
    'top tracks again': 200,
    'top artists': 200,
    search: 200,
    track: 200,
    lyrics: 200,
    'no lyrics': 404,
    pages: 200,
    recommendations: 200,
    me: 200,
    refresh: 200,
    unlink: 204,
    'log out': 204,
    'logged out': 401,
  }

  const isUp = async ({ system }: TestApp) =>
    (await system.metrics.cacheRemoteUp.get()).values[0]?.value

  async function isShared(): Promise<void> {
    for (const app of [one, two]) {
      await expect.poll(() => isUp(app), { timeout: 10_000 }).toBe(1)
    }
  }

  async function unanswered({ system }: TestApp): Promise<number> {
    const { values } = await system.metrics.cacheRemoteFailures.get()
    return values.reduce(
      (sum, { labels, value }) => sum + (labels.cause === 'unanswered' ? value : 0),
      0,
    )
  }

  async function readsOf({ system }: TestApp, cache: string, result: string): Promise<number> {
    const { values } = await system.metrics.cacheReads.get()
    return values
      .filter(({ labels }) => labels.cache === cache && labels.result === result)
      .reduce((sum, { value }) => sum + value, 0)
  }

  async function signIn({ app }: TestApp, { email, password }: TestUser) {
    const answer = await app.inject({
      method: 'POST',
      url: '/auth/login',
      body: { email, password },
    })
    return { authorization: `Bearer ${answer.json().accessToken}` }
  }

  it('shares lists, lyrics, misses and searches among its processes, never a session', async () => {
    const user = await one.register()
    await sandbox.link(one.app, user.headers, listeners[nextListener++]?.id ?? '')
    const headers = { one: user.headers, two: await signIn(two, user) }
    const requests = [
      { url: '/music/me/top/tracks' },
      { url: '/music/search?q=night' },
      { url: '/lyrics?artist=Luis%20Fonsi&title=Despacito' },
      { url: '/lyrics?artist=Nobody&title=Nowhere' },
      { url: '/lyrics/search?q=shakira' },
      { method: 'POST' as const, url: '/reco/by-language', body: { lang: 'en', limit: 5 } },
    ]
    for (const request of requests) {
      const first = await one.app.inject({ ...request, headers: headers.one })
      const families = ['top-tracks', 'track-search', 'lyrics', 'reco']
      const before = await Promise.all(families.map((family) => readsOf(two, family, 'l2')))
      const second = await two.app.inject({ ...request, headers: headers.two })
      const after = await Promise.all(families.map((family) => readsOf(two, family, 'l2')))
      expect({ ...request, after }).not.toEqual({ ...request, after: before })
      expect(second.statusCode).toBe(first.statusCode)
      if (first.statusCode === 200) expect(second.json()).toEqual(first.json())
    }
    const keys = await client.keys('*')
    expect(keys.filter((key) => key.includes(':entry:')).length).toBeGreaterThanOrEqual(6)
    expect(keys.filter((key) => /session|@|shakira|nowhere/i.test(key))).toEqual([])
    const stored = await client.mget(keys.filter((key) => key.includes(':entry:')))
    expect(stored.join()).not.toContain(user.email)
  })

  it('answers everything while Redis is frozen, and loses one time-out to it', async () => {
    await use(one, '1')
    const before = await unanswered(one)
    redis.pause()
    try {
      expect(await use(one, '2')).toEqual(EXPECTED)
      // Some reads of a request go on at once; whatever comes after the first failure asks nothing.
      expect((await unanswered(one)) - before).toBeLessThanOrEqual(2)
      expect(await isUp(one)).toBe(0)
      const lost = await unanswered(one)
      expect(await use(one, '3')).toEqual(EXPECTED)
      expect(await unanswered(one)).toBe(lost)
    } finally {
      redis.resume()
    }
    await isShared()
  })

  it('answers everything while Redis is dead, flushed and full', async () => {
    await redis.kill()
    expect(await use(one, '4')).toEqual(EXPECTED)
    await redis.start()
    await isShared()
    await client.flushall()
    expect(await use(one, '5')).toEqual(EXPECTED)
    for (const length of [100_000, 1_000]) {
      const fill = async () => {
        for (let at = 0; ; at += 1) await client.set(`${length}:${at}`, 'x'.repeat(length))
      }
      await expect(fill()).rejects.toThrow(/OOM/)
    }
    expect(await use(one, '6')).toEqual(EXPECTED)
    await client.flushall()
  })

  it('refuses a session everywhere that was ended while Redis was frozen', async () => {
    const user = await one.register()
    const { headers } = user
    for (const { app } of [one, two]) {
      expect((await app.inject({ url: '/users/me', headers })).statusCode).toBe(200)
    }
    redis.pause()
    await one.app.inject({ method: 'POST', url: '/auth/logout', headers })
    expect((await one.app.inject({ url: '/users/me', headers })).statusCode).toBe(401)
    redis.resume()
    await isShared()
    expect((await one.app.inject({ url: '/users/me', headers })).statusCode).toBe(401)
    await expect
      .poll(async () => (await two.app.inject({ url: '/users/me', headers })).statusCode, {
        timeout: 12_000,
      })
      .toBe(401)
  }, 20_000)
})
