import { readFile } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestApp, type TestApp } from '#test'

const lines: string[] = []
let test: TestApp
beforeAll(async () => {
  test = await createTestApp({ onLog: (line) => lines.push(line) })
})
afterAll(() => test.close())

const problem = (body: object) => ({ type: expect.stringContaining('/errors/'), ...body })

describe('answers', () => {
  it('carry the security headers', async () => {
    const { headers } = await test.app.inject({ url: '/health/live' })
    expect(headers['strict-transport-security']).toBe('max-age=31536000; includeSubDomains')
    expect(headers['content-security-policy']).toContain("default-src 'none'")
    expect(headers['x-content-type-options']).toBe('nosniff')
    expect(headers['x-frame-options']).toBe('DENY')
  })

  it('are problem documents when something is wrong', async () => {
    const missing = await test.app.inject({ url: '/nowhere' })
    expect(missing.statusCode).toBe(404)
    expect(missing.headers['content-type']).toBe('application/problem+json; charset=utf-8')
    expect(missing.json()).toEqual(
      problem({
        title: 'Not found',
        status: 404,
        code: 'http.not_found',
        requestId: expect.any(String),
      }),
    )
    const anonymous = await test.app.inject({ url: '/users/me' })
    expect(anonymous.headers['www-authenticate']).toBe('Bearer')
    expect(anonymous.json()).toMatchObject(problem({ code: 'http.unauthenticated' }))
  })

  it('say which field is wrong', async () => {
    const { statusCode, body } = await test.app.inject({
      method: 'POST',
      url: '/auth/login',
      body: { email: 'no address', password: 'x' },
    })
    expect(statusCode).toBe(400)
    expect(JSON.parse(body)).toMatchObject({
      code: 'http.invalid_request',
      part: 'body',
      faults: [{ field: '/email' }],
    })
  })

  it.each([
    ['text/plain', 415],
    ['application/x-www-form-urlencoded', 415],
    ['garbage', 415],
    ['application/json', 400],
  ])('refuse a body sent as %s with %i', async (type, status) => {
    const answer = await test.app.inject({
      method: 'POST',
      url: '/auth/login',
      payload: 'x=1',
      headers: { 'content-type': type },
    })
    expect(answer.statusCode).toBe(status)
    expect(answer.json()).toMatchObject({ code: 'http.malformed_request' })
  })

  it('refuse a body over one mebibyte', async () => {
    const answer = await test.app.inject({
      method: 'POST',
      url: '/auth/login',
      body: { email: 'a@example.org', password: 'x'.repeat(1_100_000) },
    })
    expect(answer.statusCode).toBe(413)
  })

  it('lead to a page that explains the code', async () => {
    const page = await test.app.inject({ url: '/errors/http.not_found' })
    expect(page.statusCode).toBe(200)
    expect(page.body).toContain('# `http.not_found`')
    expect((await test.app.inject({ url: '/errors/no.such' })).statusCode).toBe(404)
    expect((await test.app.inject({ url: '/errors/..%2f..%2fREADME' })).statusCode).toBe(400)
  })
})

describe('the request log', () => {
  it('is one JSON line a request with the agreed fields and no secret', async () => {
    const user = await test.register()
    lines.length = 0
    const traceId = '4bf92f3577b34da6a3ce929d0e0e4736'
    await test.app.inject({
      url: '/users/me?token=hush',
      headers: { ...user.headers, traceparent: `00-${traceId}-00f067aa0ba902b7-01` },
    })
    expect(lines).toHaveLength(1)
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({
      timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
      level: 'INFO',
      trace_id: traceId,
      user_id: user.userId,
      endpoint: '/users/me',
      status_code: 200,
      latency_ms: expect.any(Number),
    })
    expect(lines.join()).not.toMatch(/hush|Bearer|eyJ/)
  })

  it('cannot be forged by line breaks or escape sequences in what a caller sends', async () => {
    lines.length = 0
    await test.app.inject({
      url: '/nope%0a%1b[31m',
      headers: { 'user-agent': 'x\u001b[31m', traceparent: 'evil' },
    })
    expect(lines.join('').trimEnd().split('\n')).toHaveLength(1)
    expect(lines.join('')).not.toContain('\u001b')
  })
})

describe('health', () => {
  it('is ready while the database answers, and not when it is gone', async () => {
    expect((await test.app.inject({ url: '/health/ready' })).statusCode).toBe(200)
    const lost = await createTestApp()
    await lost.database.drop()
    const answer = await lost.app.inject({ url: '/health/ready' })
    expect(answer.statusCode).toBe(503)
    expect((await lost.app.inject({ url: '/health/live' })).statusCode).toBe(200)
    await lost.close()
  })
})

describe('the API’s description', () => {
  it('names every operation once and guards what is not public', async () => {
    const { paths, components } = (await test.app.inject({ url: '/openapi.json' })).json<{
      paths: Record<string, Record<string, { operationId: string; security: unknown[] }>>
      components: { schemas: Record<string, unknown> }
    }>()
    const operations = Object.values(paths).flatMap((path) => Object.values(path))
    const ids = operations.map(({ operationId }) => operationId)
    expect(new Set(ids).size).toBe(ids.length)
    expect(paths['/users/me']?.['get']?.security).toEqual([{ bearer: ['profile:read'] }])
    expect(paths['/auth/login']?.['post']?.security).toEqual([])
    expect(Object.keys(components.schemas)).toContain('Problem')
  })

  it('demands nothing that is filled in when it is absent', async () => {
    const { paths, components } = (await test.app.inject({ url: '/openapi.json' })).json<{
      paths: Record<string, Record<string, { parameters: { name: string; required?: boolean }[] }>>
      components: { schemas: Record<string, { required?: string[] }> }
    }>()
    const { parameters } = paths['/music/me/top/tracks']?.['get'] ?? { parameters: [] }
    expect(parameters.map(({ name }) => name).toSorted()).toEqual(['limit', 'time_range'])
    expect(parameters.filter(({ required }) => required === true)).toEqual([])
    expect(components.schemas['ByLanguageRequest']?.required).toEqual(['lang'])
  })

  it('has a page to read it, which loads nothing from elsewhere', async () => {
    const page = await test.app.inject({ url: '/docs/' })
    expect(page.statusCode).toBe(200)
    expect(page.headers['content-security-policy']).toContain("default-src 'self'")
    expect(page.body).not.toMatch(/(?:src|href)="https?:/)
  })

  it('is the one that is committed', async () => {
    const committed = await readFile(new URL('../../../openapi.json', import.meta.url), 'utf8')
    const served = (await test.app.inject({ url: '/openapi.json' })).json<object>()
    expect(Object.keys(JSON.parse(committed))).toEqual(Object.keys(served))
  })
})
