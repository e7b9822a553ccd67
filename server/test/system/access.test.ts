import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createHttpServer } from '#platform/http'
import { createLogger, createMetrics } from '#platform/telemetry'
import {
  createTestApp,
  startTestSandbox,
  type TestApp,
  type TestSandbox,
  type TestUser,
} from '#test'
import { type ApiDocument, apiOperations, type Operation } from './operations.ts'

/** Who may call each operation, and what the caller who may gets for a request in order. */
const TABLE: Record<string, { access: string; status: number }> = {
  live: { access: 'public', status: 200 },
  ready: { access: 'public', status: 200 },
  keySet: { access: 'public', status: 200 },
  register: { access: 'public', status: 201 },
  logIn: { access: 'public', status: 401 },
  refreshTokens: { access: 'public', status: 401 },
  finishSpotifyLink: { access: 'public', status: 400 },
  me: { access: 'profile:read', status: 200 },
  changeMe: { access: 'profile:write', status: 200 },
  preferLanguage: { access: 'profile:write', status: 200 },
  consents: { access: 'profile:read', status: 200 },
  chooseConsents: { access: 'profile:write', status: 200 },
  sendEvents: { access: 'analytics:write', status: 200 },
  eventTypes: { access: 'public', status: 200 },
  beginSpotifyLink: { access: 'music:write', status: 200 },
  accountLinks: { access: 'music:read', status: 200 },
  topTracks: { access: 'music:read', status: 200 },
  topArtists: { access: 'music:read', status: 200 },
  searchTracks: { access: 'music:read', status: 200 },
  track: { access: 'music:read', status: 404 },
  trackLanguage: { access: 'language:read', status: 404 },
  recommendByLanguage: { access: 'reco:read', status: 503 },
  recommendForMe: { access: 'reco:read', status: 503 },
  findLyrics: { access: 'lyrics:read', status: 404 },
  searchLyrics: { access: 'lyrics:read', status: 200 },
  removeSpotifyLink: { access: 'music:write', status: 204 },
  logOut: { access: 'profile:read', status: 204 },
}

let sandbox: TestSandbox
let test: TestApp
let owner: TestUser
let api: ReturnType<typeof apiOperations>

beforeAll(async () => {
  sandbox = await startTestSandbox()
  test = await createTestApp({ env: sandbox.env })
  owner = await test.register()
  await sandbox.link(test.app, owner.headers, await listener(0))
  api = apiOperations((await test.app.inject({ url: '/openapi.json' })).json<ApiDocument>())
}, 60_000)
afterAll(async () => {
  await test.close()
  await sandbox.close()
})

async function listener(index: number): Promise<string> {
  const answer = await fetch(`${sandbox.url}/control/listeners`)
  const { listeners } = (await answer.json()) as { listeners: { id: string }[] }
  return listeners[index]?.id ?? ''
}

const declared = ({ security }: Operation) => security[0]?.bearer[0] ?? 'public'
const guarded = () => api.all.filter((operation) => declared(operation) !== 'public')

async function answers(operations: readonly Operation[], headers: Record<string, string> = {}) {
  const found: Record<string, number> = {}
  for (const operation of operations) {
    const { statusCode } = await test.app.inject({ ...api.request(operation), headers })
    found[operation.operationId] = statusCode
  }
  return found
}

/** What each of the operations should answer, when all should answer alike. */
const each = (operations: readonly Operation[], status: number) =>
  Object.fromEntries(operations.map(({ operationId }) => [operationId, status]))

describe('every operation', () => {
  it('has a row in the table, which says who may call it', () => {
    expect(
      Object.fromEntries(api.all.map((operation) => [operation.operationId, declared(operation)])),
    ).toEqual(
      Object.fromEntries(
        Object.entries(TABLE).map(([operationId, { access }]) => [operationId, access]),
      ),
    )
  })

  it('that is guarded answers 401 to anonymous callers and to tokens of nobody', async () => {
    expect(guarded().length).toBeGreaterThan(10)
    expect(await answers(guarded())).toEqual(each(guarded(), 401))
    expect(await answers(guarded(), { authorization: 'Bearer a.b.c' })).toEqual(
      each(guarded(), 401),
    )
    expect(await answers(guarded(), { authorization: 'Basic YTpi' })).toEqual(each(guarded(), 401))
  })

  it('that is guarded answers 401 to HEAD as well', async () => {
    for (const { method, path } of guarded().filter(({ method: verb }) => verb === 'GET')) {
      const { statusCode } = await test.app.inject({ method: 'HEAD', url: path })
      expect(statusCode, `${method} ${path}`).toBe(401)
    }
  })

  it('that is guarded answers 401 to a session that has ended', async () => {
    const gone = await test.register()
    await test.app.inject({ method: 'POST', url: '/auth/logout', headers: gone.headers })
    expect(await answers(guarded(), gone.headers)).toEqual(each(guarded(), 401))
  })

  it('that is guarded answers 403 to a role that this version does not know', async () => {
    const stranger = await test.register()
    const client = new Client({ connectionString: test.database.url })
    await client.connect()
    await client.query('alter table user_account drop constraint user_account_role_check')
    await client.query(`update user_account set role = 'ghost' where id = $1`, [stranger.userId])
    await client.end()
    expect(await answers(guarded(), stranger.headers)).toEqual(each(guarded(), 403))
  })

  it('that is public needs no token, and minds no bad one', async () => {
    const open = api.all.filter((operation) => declared(operation) === 'public')
    const expected = Object.fromEntries(
      open.map(({ operationId }) => [operationId, TABLE[operationId]?.status]),
    )
    expect(await answers(open)).toEqual(expected)
    expect(await answers(open, { authorization: 'Bearer a.b.c' })).toEqual(expected)
  })

  it('answers its owner as the table says', async () => {
    // Unlinking and signing out come last: nothing would work after them.
    const order = Object.keys(TABLE)
    const operations = guarded().toSorted(
      (a, b) => order.indexOf(a.operationId) - order.indexOf(b.operationId),
    )
    const caller = await test.register()
    await sandbox.link(test.app, caller.headers, await listener(1))
    expect(await answers(operations, caller.headers)).toEqual(
      Object.fromEntries(
        operations.map(({ operationId }) => [operationId, TABLE[operationId]?.status]),
      ),
    )
  })
})

describe('what belongs to a user', () => {
  it('is neither shown to another nor changed by them', async () => {
    const other = await test.register()
    const as = (user: TestUser, url: string, method: 'GET' | 'DELETE' = 'GET') =>
      test.app.inject({ method, url, headers: user.headers })

    const links = (await as(owner, '/music/links')).json<{ links: unknown[] }>()
    expect(links.links).toHaveLength(1)
    expect((await as(other, '/music/links')).json()).toEqual({ links: [] })
    expect((await as(other, '/music/me/top/tracks')).statusCode).toBe(409)
    expect((await as(other, '/music/links/spotify', 'DELETE')).statusCode).toBe(204)
    expect((await as(owner, '/music/links')).json()).toEqual(links)
    expect((await as(other, '/users/me')).json()).toMatchObject({ id: other.userId })
    expect((await as(owner, '/users/me')).json()).toMatchObject({ id: owner.userId })
  })
})

describe('a route', () => {
  const guardedServer = () =>
    createHttpServer({
      config: test.config.http,
      logger: createLogger({ logLevel: 'silent' }, { service: 'test' }),
      metrics: createMetrics(),
      tracing: false,
      authenticate: async () => ({
        userId: 'u',
        sessionId: 's',
        role: 'user',
        scopes: new Set(['a:read']),
      }),
    })

  it('that declares no access stops the start', async () => {
    const app = await guardedServer()
    expect(() => app.get('/open', async () => 'x')).toThrow('route GET /open declares no access')
    await app.close()
  })

  it('is closed to a token without its scope, and says which one that is', async () => {
    const app = await guardedServer()
    app.get('/mine', { config: { access: { scope: 'a:read' } } }, async () => 'x')
    app.get('/theirs', { config: { access: { scope: 'a:write' } } }, async () => 'x')
    const headers = { authorization: 'Bearer x' }
    expect((await app.inject({ url: '/mine', headers })).statusCode).toBe(200)
    const refused = await app.inject({ url: '/theirs', headers })
    expect(refused.statusCode).toBe(403)
    expect(refused.headers['content-type']).toBe('application/problem+json; charset=utf-8')
    expect(refused.json()).toMatchObject({
      code: 'http.forbidden',
      status: 403,
      detail: 'This needs the scope "a:write".',
    })
    await app.close()
  })

  it('is guarded before its body is read, however its path is spelt', async () => {
    for (const url of ['/users/me', '/users/%6de', '/%75sers/me?x=1']) {
      const headers = { 'content-type': 'application/json' }
      const answer = await test.app.inject({ method: 'PATCH', url, headers, payload: '{' })
      expect(answer.statusCode, url).toBe(401)
    }
    for (const url of ['/users//me', '/users/me/', '/USERS/me']) {
      expect((await test.app.inject({ url })).statusCode, url).toBe(404)
    }
  })

  it('that the API’s description leaves out is one of a few public pages', () => {
    const described = api.all.map(({ method, path }) => `${method} ${path.replace('{id}', ':id')}`)
    expect(registered().filter((route) => !described.includes(route))).toEqual([
      'GET /',
      'GET /docs',
      'GET /docs/',
      'GET /docs/js/scalar.js',
      'GET /errors/:code',
      'GET /openapi.json',
    ])
  })
})

/** Every route of the server as `METHOD path`, read from the tree that it prints. */
function registered(): string[] {
  const above: string[] = []
  const tree = test.app.printRoutes({ commonPrefix: false, includeHooks: false })
  return Array.from(tree.matchAll(/^([│ ]*)[├└]── (\S+) \((.+)\)$/gm))
    .flatMap(([, indent = '', part = '', methods = '']) => {
      const depth = indent.length / 4
      above.splice(depth, Infinity, part)
      return methods.split(', ').map((method) => `${method} ${above.join('')}`)
    })
    .filter((route) => !route.startsWith('HEAD '))
    .toSorted()
}
