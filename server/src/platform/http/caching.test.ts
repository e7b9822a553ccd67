import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestApp, type TestApp } from '#test'
import type { HttpServer } from './http-types.ts'
import { bearer, smallServer } from './small-server.ts'

const GUARDED = { scope: 'a:read' }

let app: HttpServer
let value = 1
beforeAll(async () => {
  ;({ app } = await smallServer())
  app.get(
    '/own',
    { config: { access: GUARDED, cache: { scope: 'private', maxAgeSeconds: 60 } } },
    async () => ({ value }),
  )
  app.get(
    '/shared',
    { config: { access: 'public', cache: { scope: 'public', maxAgeSeconds: 300 } } },
    async () => ({ value }),
  )
  app.get('/secret', { config: { access: GUARDED } }, async () => ({ value }))
  app.get(
    '/broken',
    { config: { access: 'public', cache: { scope: 'public', maxAgeSeconds: 300 } } },
    async () => {
      throw new Error('on purpose')
    },
  )
})
afterAll(() => app.close())

const ask = (url: string, headers: Record<string, string> = {}, method: 'GET' | 'HEAD' = 'GET') =>
  app.inject({ method, url, headers: { ...bearer('ann'), ...headers } })
const tagOf = async (url: string) => String((await ask(url)).headers['etag'])

describe('an answer', () => {
  it.each([
    ['/own', 'private, max-age=60', 'Authorization'],
    ['/shared', 'public, max-age=300', undefined],
    ['/secret', 'no-store', undefined],
  ])('of %s may be kept as the route says', async (url, cacheControl, vary) => {
    const { headers } = await ask(url)
    expect(headers['cache-control']).toBe(cacheControl)
    expect(headers['vary']).toBe(vary)
    expect(headers['etag'] === undefined).toBe(cacheControl === 'no-store')
  })

  it('that is an error is never kept', async () => {
    expect((await ask('/broken')).headers['cache-control']).toBe('no-store')
    expect((await app.inject({ url: '/own' })).headers['cache-control']).toBe('no-store')
    expect((await ask('/nowhere')).headers['cache-control']).toBe('no-store')
  })

  it('is not sent again to who has it', async () => {
    const tag = await tagOf('/own')
    expect(tag).toMatch(/^W\/"[\w-]{27}"$/)
    const answer = await ask('/own', { 'if-none-match': tag })
    expect(answer.statusCode).toBe(304)
    expect(answer.body).toBe('')
    expect(answer.headers).toMatchObject({
      etag: tag,
      'cache-control': 'private, max-age=60',
      vary: 'Authorization',
    })
  })

  it.each([
    ['*', 304],
    ['"other", TAG', 304],
    ['TAG-without-W', 304],
    ['W/"other"', 200],
    ['', 200],
  ])('is asked for with If-None-Match: %s', async (given, status) => {
    const tag = await tagOf('/shared')
    const header = given.replace('TAG-without-W', tag.slice(2)).replace('TAG', tag)
    expect((await ask('/shared', { 'if-none-match': header })).statusCode).toBe(status)
  })

  it('has another tag when it has changed', async () => {
    const tag = await tagOf('/own')
    value += 1
    const answer = await ask('/own', { 'if-none-match': tag })
    expect(answer.statusCode).toBe(200)
    expect(answer.headers['etag']).not.toBe(tag)
  })

  it('has the same tag when only its head is asked for', async () => {
    const answer = await ask('/own', {}, 'HEAD')
    expect(answer.body).toBe('')
    expect(answer.headers['etag']).toBe(await tagOf('/own'))
  })
})

describe('a guarded route whose answers would be for everyone', () => {
  it('stops the start', async () => {
    const server = await smallServer()
    const config = {
      access: GUARDED,
      cache: { scope: 'public', maxAgeSeconds: 60 },
    } as const
    expect(() => server.app.get('/own', { config }, async () => ({}))).toThrow('for everyone')
    await server.app.close()
  })
})

describe('the API', () => {
  let test: TestApp
  beforeAll(async () => {
    test = await createTestApp()
  })
  afterAll(() => test.close())

  it.each([
    ['/.well-known/jwks.json', 'public, max-age=300'],
    ['/openapi.json', 'public, max-age=300'],
    ['/docs/', 'public, max-age=3600'],
    ['/errors/http.not_found', 'public, max-age=3600'],
    ['/health/ready', 'no-store'],
    ['/users/me', 'no-store'],
  ])('says of %s: %s', async (url, cacheControl) => {
    const { headers } = await test.register()
    const answer = await test.app.inject({ url, headers })
    expect(answer.statusCode).toBe(200)
    expect(answer.headers['cache-control']).toBe(cacheControl)
  })
})
