import { Client } from 'pg'
import { v7 } from 'uuid'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { compose } from '#compose'
import { readConfig } from '#platform/config'
import { createLogger } from '#platform/telemetry'
import { missingServer } from '#servers'
import { seedListening } from '#test'
import {
  type Account,
  call,
  demand,
  type Fleet,
  linkListener,
  register,
  type Session,
  startFleet,
} from '../fleet/index.ts'

const START_TIMEOUT_MS = 180_000
/** How long another process may go on believing what it last knew of a session. */
const SESSION_MEMORY = { timeout: 12_000, interval: 250 }

interface TopTracks {
  items: { trackId: string; language: { status: string; tag: string | null } }[]
}
interface Recommended {
  lang: string
  items: { track: { trackId: string } }[]
}

async function ask(url: string, sql: string, values: unknown[]): Promise<unknown[]> {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query(sql, values)).rows
  } finally {
    await client.end()
  }
}

const missing = missingServer('postgresql', 'redis-server', 'pgbouncer', 'nginx')

describe.skipIf(missing)(`many processes behind one nginx ${missing ?? ''}`.trim(), () => {
  let fleet: Fleet
  let listeners: { id: string }[]
  let user: Account

  beforeAll(async () => {
    fleet = await startFleet({
      apis: 3,
      workers: 2,
      reco: true,
      redis: true,
      pooler: true,
      postgres: { fsync: false },
    })
    const logger = createLogger({ logLevel: 'silent' }, { service: 'seed' })
    const system = compose(readConfig(fleet.env), { role: 'seed', logger })
    await seedListening(system)
    await system.close()
    const known = await demand<{ listeners: { id: string }[] }>(
      fleet.sandbox.url,
      '/control/listeners',
    )
    listeners = known.listeners
    user = await register(fleet.nginx.url)
  }, START_TIMEOUT_MS)

  afterAll(() => fleet?.close())

  const replica = (index: number): string => {
    const api = fleet.apis[index]
    if (api === undefined) throw new Error(`there is no API ${index}`)
    return api.url
  }
  const everyReplica = () => fleet.apis.map(({ url }) => url)

  it('signs in at one replica with what was registered at another', async () => {
    const { email, password } = await register(replica(0))
    for (const url of everyReplica()) {
      const { accessToken } = await demand<Session>(url, '/auth/login', {
        method: 'POST',
        body: { email, password },
      })
      for (const other of everyReplica()) {
        await demand(other, '/users/me', { token: accessToken })
      }
    }
  })

  it('gives one successor to a refresh token that all replicas get at once', async () => {
    const { refreshToken } = await register(replica(0))
    const refresh = (url: string, token: string) =>
      call<Session>(url, '/auth/refresh', { method: 'POST', body: { refreshToken: token } })
    const race = [...everyReplica(), ...everyReplica()].map((url) => refresh(url, refreshToken))
    const answers = await Promise.all(race)
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200))
    const successors = new Set(answers.map(({ body }) => body.refreshToken))
    expect(successors.size).toBe(1)
    const [successor = ''] = successors
    expect((await refresh(replica(2), successor)).status).toBe(200)
  })

  it('ends a session everywhere', async () => {
    const { accessToken, refreshToken } = await register(replica(0))
    for (const url of everyReplica()) await demand(url, '/users/me', { token: accessToken })
    await demand(replica(1), '/auth/logout', {
      method: 'POST',
      token: accessToken,
      body: { refreshToken },
      status: 204,
    })
    for (const url of everyReplica()) {
      const refused = await call(url, '/auth/refresh', { method: 'POST', body: { refreshToken } })
      expect(refused.status).toBe(401)
      await expect
        .poll(
          async () => (await call(url, '/users/me', { token: accessToken })).status,
          SESSION_MEMORY,
        )
        .toBe(401)
    }
  })

  it('links an account whose consent began at one replica and came back to another', async () => {
    await linkListener(fleet.nginx.url, user.accessToken, listeners[0]?.id ?? '')
    for (const url of everyReplica()) {
      const links = await demand(url, '/music/links', { token: user.accessToken })
      expect(JSON.stringify(links)).toContain('spotify')
    }
  })

  it('shows the same top tracks everywhere, with the languages that a worker found', async () => {
    const { accessToken: token } = user
    const path = '/music/me/top/tracks?limit=20'
    await expect
      .poll(
        async () =>
          (await demand<TopTracks>(replica(0), path, { token })).items.filter(
            ({ language }) => language.status === 'pending',
          ),
        { timeout: 20_000, interval: 200 },
      )
      .toEqual([])
    const lists = await Promise.all(
      everyReplica().map((url) => demand<TopTracks>(url, path, { token })),
    )
    const ids = lists.map(({ items }) => items.map(({ trackId }) => trackId))
    expect(ids[0]).toHaveLength(20)
    expect(ids).toEqual([ids[0], ids[0], ids[0]])
  })

  it('recommends at every replica, and follows a language chosen at another', async () => {
    const { accessToken: token } = user
    const ask = (url: string, lang: string) =>
      demand<Recommended>(url, '/reco/by-language', {
        method: 'POST',
        token,
        body: { lang, limit: 10 },
      })
    const idsAt = async (url: string) =>
      (await ask(url, 'es')).items.map(({ track }) => track.trackId)
    const first = await idsAt(replica(0))
    expect(first.length).toBeGreaterThan(0)
    expect(await idsAt(replica(1))).toEqual(first)
    expect(await idsAt(replica(2))).toEqual(first)

    await demand(replica(0), '/users/me/lang', { method: 'PATCH', token, body: { lang: 'fr' } })
    for (const url of everyReplica()) {
      expect((await demand<Recommended>(url, '/reco/me', { token })).lang).toBe('fr')
    }
  })

  it('finds lyrics and shows a language’s evidence, whoever is asked', async () => {
    const { accessToken: token } = user
    const { items } = await demand<TopTracks>(fleet.nginx.url, '/music/me/top/tracks?limit=1', {
      token,
    })
    for (const url of everyReplica()) {
      const found = await demand<{ title: string }>(
        url,
        '/lyrics?artist=Joan%20Manuel%20Serrat&title=Mediterraneo',
        { token },
      )
      expect(found.title).toBe('Mediterráneo')
      await demand(url, `/language/tracks/${items[0]?.trackId}`, { token })
    }
  })

  it('stores an event once, whichever replicas it is sent to', async () => {
    const { accessToken: token, userId } = user
    const id = v7()
    const event = {
      id,
      type: 'app.opened',
      version: 1,
      occurredAt: new Date().toISOString(),
      payload: { client: 'web', release: '1.0.0' },
    }
    const answers = await Promise.all(
      [...everyReplica(), fleet.nginx.url, ...everyReplica()].map((url) =>
        demand<{ results: { status: string }[] }>(url, '/analytics/events', {
          method: 'POST',
          token,
          body: { events: [event] },
        }),
      ),
    )
    const statuses = answers.map(({ results }) => String(results[0]?.status))
    expect(statuses.toSorted((a, b) => a.localeCompare(b))).toEqual([
      'accepted',
      ...Array(6).fill('duplicate'),
    ])
    const stored = await ask(
      fleet.databaseUrl,
      'select user_id from analytics_event where id = $1',
      [id],
    )
    expect(stored).toEqual([{ user_id: userId }])
  })

  it('forgets an account at every replica as soon as it is unlinked at one', async () => {
    const guest = await register(replica(0))
    const { accessToken: token } = guest
    await linkListener(replica(0), token, listeners[1]?.id ?? '')
    for (const url of everyReplica()) await demand(url, '/music/me/top/tracks?limit=5', { token })
    await demand(replica(1), '/music/links/spotify', { method: 'DELETE', token, status: 204 })
    for (const url of everyReplica()) {
      const answer = await call<{ code: string }>(url, '/music/me/top/tracks?limit=5', { token })
      expect([answer.status, answer.body.code]).toEqual([409, 'music.not_linked'])
    }
  })

  it('goes on when a replica and a worker are killed', async () => {
    const [api, , spare] = [fleet.apis[0], fleet.apis[1], fleet.workers[0]]
    await Promise.all([api?.kill(), spare?.kill()])
    const { accessToken: token } = user
    for (let attempt = 0; attempt < 6; attempt += 1) {
      await demand(fleet.nginx.url, '/users/me', { token })
    }
    await Promise.all([api?.start(), spare?.start()])
    await demand(replica(0), '/users/me', { token })
  })
})
