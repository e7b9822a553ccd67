import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createCache } from '#platform/cache'
import { systemClock } from '#platform/clock'
import { readConfig } from '#platform/config'
import { type Database, openDatabase } from '#platform/db'
import { createHttpServer, type HttpServer } from '#platform/http'
import { ProviderError } from '#platform/outbound'
import { createLogger, createMetrics } from '#platform/telemetry'
import { createTestDatabase, type TestDatabase } from '#test'
import { candidateOf } from './labelled-case.ts'
import type { LyricsProvider } from './lyrics.ports.ts'
import { lyricsRoutes } from './lyrics.routes.ts'
import { lyricsService } from './lyrics.service.ts'
import { lyricsStore } from './lyrics.store.ts'
import type { LyricsTables } from './lyrics.tables.ts'

const ENV = {
  DATABASE_URL: 'postgres://unused.example/unused',
  APP_SECRET: Buffer.alloc(32).toString('base64'),
  TOKEN_ENCRYPTION_KEYS: `test:${Buffer.alloc(32).toString('base64')}`,
}

const PAGES = [
  '- Genius English Translations | Mecano - Hijo de la luna (English Translation) | language=en',
  '- Mecano | Hijo de la Luna | language=es',
]

/** Knows one song; a query with "down" in it finds the provider out of order. */
const provider: LyricsProvider = {
  name: 'genius',
  attribution: 'Lyrics page on Genius',
  async search(query) {
    if (!query.includes('down')) return PAGES.map((line, index) => candidateOf(line, index))
    throw new ProviderError({
      provider: 'genius',
      operation: 'search',
      fault: 'rate-limited',
      status: 429,
      retryAfterSeconds: 12.5,
    })
  },
}

let test: TestDatabase
let database: Database<LyricsTables>
let closeCache: () => Promise<void>
let app: HttpServer
beforeAll(async () => {
  test = await createTestDatabase()
  database = openDatabase({
    url: test.url,
    poolMax: 2,
    statementTimeoutMs: 5_000,
    applicationName: 'test',
  })
  const metrics = createMetrics()
  const logger = createLogger({ logLevel: 'silent' }, { service: 'test' })
  const { cache, close } = createCache({ metrics, logger })
  closeCache = close
  app = await createHttpServer({
    config: readConfig(ENV).http,
    logger,
    metrics,
    tracing: false,
    // The token is the scope it grants.
    authenticate: async (token) => ({
      userId: '01990000-0000-7000-8000-000000000000',
      sessionId: '01990000-0000-7000-8000-000000000001',
      role: 'user',
      scopes: new Set([token.replace('-', ':')]),
    }),
  })
  const store = lyricsStore(database.db)
  const lyrics = lyricsService({ cache, providers: [provider], store, clock: systemClock })
  await app.register(lyricsRoutes, { prefix: '/lyrics', lyrics })
})
afterAll(async () => {
  await app.close()
  await closeCache()
  await database.close()
  await test.drop()
})

const get = (url: string, query: Record<string, string>, token = 'lyrics-read') =>
  app.inject({ url, query, headers: token === '' ? {} : { authorization: `Bearer ${token}` } })
const song = { artist: 'mecano', title: 'Hijo de la luna - Remastered' }

describe('GET /lyrics', () => {
  it('answers with the page of the original and no words', async () => {
    const answer = await get('/lyrics', song)
    expect(answer.statusCode).toBe(200)
    expect(answer.json()).toEqual({
      title: 'Hijo de la Luna',
      artist: 'Mecano',
      url: 'https://lyrics.example/1',
      provider: 'genius',
      providerId: '1',
      language: 'es',
      score: 1,
      matched: { title: 1, artist: 1, page: 'original' },
      attribution: 'Lyrics page on Genius',
    })
  })

  it('says that a song was not found', async () => {
    const answer = await get('/lyrics', { ...song, artist: 'Nobody' })
    expect(answer.statusCode).toBe(404)
    expect(answer.headers['content-type']).toContain('application/problem+json')
    expect(answer.json()).toMatchObject({ code: 'lyrics.not_found' })
  })

  it('says how long to wait for a provider that is out of order', async () => {
    const answer = await get('/lyrics', { ...song, artist: 'down' })
    expect(answer.statusCode).toBe(503)
    expect(answer.headers['retry-after']).toBe('13')
    expect(answer.json()).toMatchObject({ code: 'lyrics.provider_unavailable' })
  })

  it.each([
    ['no artist', { title: 'a' }],
    ['a blank title', { artist: 'a', title: ' \t' }],
    ['an empty title', { artist: 'a', title: '' }],
    ['a title that is too long', { artist: 'a', title: 'x'.repeat(201) }],
    ['U+0000', { artist: 'a', title: 'a\0' }],
  ])('refuses %s', async (_, query) => {
    expect((await get('/lyrics', query)).statusCode).toBe(400)
  })

  it.each(['🎵'.repeat(200), '(((', '- - -', '\u202Eabc', 'ﷺ'.repeat(200), "'; DROP TABLE x; --"])(
    'takes any other text for a song that is not there: %.10s',
    async (title) => {
      expect((await get('/lyrics', { artist: title, title })).statusCode).toBe(404)
    },
  )
})

describe('GET /lyrics/search', () => {
  it('lists pages in the order of the provider, as many as asked for', async () => {
    const answer = await get('/lyrics/search', { q: 'luna', limit: '1' })
    expect(answer.statusCode).toBe(200)
    expect(answer.json()).toMatchObject({ items: [{ artist: 'Genius English Translations' }] })
    const all = await get('/lyrics/search', { q: 'luna' })
    expect(all.json<{ items: unknown[] }>().items.length).toBe(2)
  })

  it.each([
    { q: ' ' },
    { q: 'a', limit: '0' },
    { q: 'a', limit: '21' },
    { q: 'a', limit: 'x' },
    {},
  ])('refuses %j', async (query) => {
    expect((await get('/lyrics/search', query)).statusCode).toBe(400)
  })

  it('says how long to wait for a provider that is out of order', async () => {
    const answer = await get('/lyrics/search', { q: 'down' })
    expect(answer.statusCode).toBe(503)
    expect(answer.headers['retry-after']).toBe('13')
  })
})

describe.each(['/lyrics', '/lyrics/search'])('GET %s', (url) => {
  const query = { ...song, q: 'luna' }

  it('refuses a caller without a token', async () => {
    expect((await get(url, query, '')).statusCode).toBe(401)
  })

  it('refuses a token without the scope', async () => {
    expect((await get(url, query, 'music-read')).statusCode).toBe(403)
  })
})
