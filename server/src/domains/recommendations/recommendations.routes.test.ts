import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { AppError } from '#platform/errors'
import { createHttpServer, type HttpServer } from '#platform/http'
import { createLogger, createMetrics } from '#platform/telemetry'
import { noLanguage, unknownLanguage } from './recommendations.errors.ts'
import { recommendationRoutes } from './recommendations.routes.ts'
import type { Recommendations } from './recommendations.schemas.ts'
import { idOf } from './small-world.ts'

const EMPTY: Recommendations = {
  lang: 'es',
  items: [],
  shortfall: 20,
  seeds: 0,
  basis: 'popularity',
  model: null,
  generatedAt: '2026-11-02T00:00:00.000Z',
}

/** A token is the scopes that it gives. */
async function authenticate(token: string) {
  if (token === 'expired') {
    throw new AppError({ code: 'identity.invalid_token', status: 401, title: 'Not valid' })
  }
  const scopes = new Set([token.replace('.', ':')])
  return { userId: idOf('me'), sessionId: idOf('here'), role: 'user', scopes }
}

let app: HttpServer
const asked: unknown[][] = []

beforeAll(async () => {
  app = await createHttpServer({
    config: {
      host: '127.0.0.1',
      port: 0,
      publicUrl: 'http://127.0.0.1',
      trustedProxies: [],
      metricsHost: '127.0.0.1',
      metricsPort: 0,
      workerMetricsPort: 0,
      drainMs: 0,
      minConcurrency: 8,
      maxConcurrency: 256,
    },
    logger: createLogger({ logLevel: 'silent' }, { service: 'test' }),
    metrics: createMetrics(),
    tracing: false,
    authenticate,
  })
  await app.register(recommendationRoutes, {
    prefix: '/reco',
    recommendations: {
      async byLanguage(...request) {
        asked.push(request)
        if (request[1] === 'es_MX') throw unknownLanguage(request[1])
        return EMPTY
      },
      async mine() {
        throw noLanguage()
      },
    },
  })
})
afterAll(() => app.close())

const headers = (token = 'reco.read') => ({ authorization: `Bearer ${token}` })
const byLanguage = (body: object, token?: string) =>
  app.inject({ method: 'POST', url: '/reco/by-language', body, headers: headers(token) })

describe('POST /reco/by-language', () => {
  it('answers for the caller', async () => {
    const answer = await byLanguage({ lang: 'es', limit: 5 })

    expect(answer.statusCode).toBe(200)
    expect(answer.json()).toEqual(EMPTY)
    expect(asked.at(-1)).toEqual([idOf('me'), 'es', 5])
  })

  it('gives twenty songs unless told', async () => {
    await byLanguage({ lang: 'es' })

    expect(asked.at(-1)).toEqual([idOf('me'), 'es', 20])
  })

  it.each([
    {},
    { lang: 'e' },
    { lang: 7 },
    { lang: 'x'.repeat(36) },
    { lang: 'es', limit: 0 },
    { lang: 'es', limit: 101 },
    { lang: 'es', limit: 1.5 },
    { lang: 'es', userId: idOf('other') },
    { lang: 'es_MX' },
  ])('refuses %j', async (body) => {
    const answer = await byLanguage(body)

    expect(answer.statusCode).toBe(400)
    expect(answer.headers['content-type']).toContain('application/problem+json')
  })

  it('asks for a good token with the scope', async () => {
    expect((await byLanguage({ lang: 'es' }, 'expired')).statusCode).toBe(401)
    expect((await byLanguage({ lang: 'es' }, 'profile.read')).statusCode).toBe(403)
  })
})

describe('GET /reco/me', () => {
  it('tells a user without a language how to choose one', async () => {
    const answer = await app.inject({ url: '/reco/me?limit=5', headers: headers() })

    expect(answer.statusCode).toBe(409)
    expect(answer.json()).toMatchObject({
      code: 'recommendations.no_language',
      detail: expect.stringContaining('PATCH /users/me/lang'),
    })
  })

  it('refuses a limit that is out of range, and a caller without a token', async () => {
    const tooMany = await app.inject({ url: '/reco/me?limit=101', headers: headers() })

    expect(tooMany.statusCode).toBe(400)
    expect((await app.inject({ url: '/reco/me' })).statusCode).toBe(401)
  })
})
