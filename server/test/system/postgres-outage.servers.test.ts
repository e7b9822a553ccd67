import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { migrate } from '#platform/db'
import { missingServer, type PostgresServer, startSystemPostgres } from '#servers'
import { createTestApp, playedEvent, type TestApp, type TestUser } from '#test'

const ANSWERED_WITHIN_MS = 2_000
const RECOVERY = { timeout: 5_000, interval: 50 }

interface Answer {
  status: number
  tookMs: number
  retryAfter: unknown
}

const missing = missingServer('postgresql')

describe.skipIf(missing)(`while PostgreSQL${missing ? ` (${missing})` : ''}`, () => {
  let server: PostgresServer
  let test: TestApp
  let user: TestUser

  beforeAll(async () => {
    server = await startSystemPostgres({ fsync: false })
    const url = await server.createDatabase('outage')
    await migrate(url)
    test = await createTestApp({ env: { DATABASE_URL: url, DATABASE_POOL_MAX: '3' } })
    user = await test.register()
    // Else an event is dropped before it reaches the database.
    await send('PUT', '/users/me/consents', { analytics: true })
  })
  afterAll(async () => {
    await test?.close()
    await server?.stop()
  })

  async function send(method: 'GET' | 'POST' | 'PATCH' | 'PUT', url: string, body?: object) {
    const startedMs = performance.now()
    const answer = await test.app.inject({
      method,
      url,
      headers: user.headers,
      ...(body !== undefined && { body }),
    })
    const tookMs = performance.now() - startedMs
    return {
      status: answer.statusCode,
      tookMs,
      retryAfter: answer.headers['retry-after'],
    } satisfies Answer
  }

  /** One of each kind: reads, writes, a transaction, events, and who is not signed in yet. */
  const everything = (): Promise<Answer[]> =>
    Promise.all([
      send('GET', '/users/me'),
      send('GET', '/users/me/consents'),
      send('PATCH', '/users/me', { displayName: 'Ana' }),
      send('PUT', '/users/me/consents', { analytics: true }),
      send('GET', '/music/me/top/tracks'),
      send('POST', '/reco/by-language', { lang: 'es' }),
      send('POST', '/auth/register', {
        email: `${randomUUID()}@example.org`,
        password: 'a password of some length',
      }),
      send('POST', '/auth/refresh', { refreshToken: user.refreshToken }),
      send('POST', '/analytics/events', playedEvent()),
    ])

  function expectUnavailable(answers: readonly Answer[]): void {
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 503))
    expect(Math.max(...answers.map(({ tookMs }) => tookMs))).toBeLessThan(ANSWERED_WITHIN_MS)
  }

  /** What a probe is told may be half a second old. */
  async function expectUnready(): Promise<void> {
    const ready = async () => (await send('GET', '/health/ready')).status
    await expect.poll(ready, RECOVERY).toBe(503)
  }

  async function expectRecovery(): Promise<void> {
    const statuses = async () => [
      (await send('GET', '/health/ready')).status,
      (await send('GET', '/users/me')).status,
      (await send('PATCH', '/users/me', { displayName: 'Ana' })).status,
      (await send('POST', '/analytics/events', playedEvent())).status,
    ]
    await expect.poll(statuses, RECOVERY).toEqual([200, 200, 200, 200])
  }

  it('is frozen, those who wait and those who come are told so in time', async () => {
    await expectRecovery()
    server.pause()
    try {
      const [waiting, coming] = [await everything(), await everything()]
      expectUnavailable(waiting)
      expectUnavailable(coming)
      expect(coming.every(({ retryAfter }) => Number(retryAfter) > 0)).toBe(true)
      await expectUnready()
    } finally {
      server.resume()
    }
    await expectRecovery()
  })

  it('is stopped, everybody is told so at once', async () => {
    await server.shutDown('SIGINT')
    expectUnavailable(await everything())
    await expectUnready()
    await server.start()
    await expectRecovery()
  })

  it('crashes and comes back, nobody is told anything but that', async () => {
    let isOver = false
    const seen: Answer[] = []
    const asking = Array.from({ length: 4 }, async () => {
      while (!isOver) seen.push(await send('GET', '/users/me'))
    })
    await server.immediateRestart()
    await expectRecovery()
    isOver = true
    await Promise.all(asking)
    expect(seen.every(({ status }) => status === 200 || status === 503)).toBe(true)
    expect(Math.max(...seen.map(({ tookMs }) => tookMs))).toBeLessThan(ANSWERED_WITHIN_MS)
  })
})
