import { v7 as uuid } from 'uuid'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createCache } from '#platform/cache'
import { openDatabase } from '#platform/db'
import { createLogger, createMetrics } from '#platform/telemetry'
import { createTestDatabase } from '#test'
import { recommendationService } from './recommendations.service.ts'
import { recommendationStore } from './recommendations.store.ts'
import type { RecommendationTables } from './recommendations.tables.ts'
import type { ServedModel } from './registry/model-loader.ts'
import {
  catalogueOf,
  idOf,
  languagesIn,
  listenerTo,
  MIN_CONFIDENCE,
  type Song,
  servedModelOf,
} from './small-world.ts'

const SONGS: readonly Song[] = [
  { name: 'hey', artists: 'Ann', language: 'en' },
  { name: 'sol', artists: 'Carla', language: 'es' },
  { name: 'mar', artists: 'Diego', language: 'es' },
]
const ME = idOf('me')
const HOUR_MS = 3_600_000

const logger = createLogger({ logLevel: 'silent' }, { service: 'test' })
let close: () => Promise<void>
let store: ReturnType<typeof recommendationStore>
let model: ServedModel

beforeAll(async () => {
  const database = await createTestDatabase()
  const opened = openDatabase<RecommendationTables>({
    url: database.url,
    poolMax: 2,
    statementTimeoutMs: 5000,
    applicationName: 'test',
  })
  store = recommendationStore(opened.db)
  model = await servedModelOf(SONGS, { u: 'hey sol', v: 'hey sol mar' })
  close = async () => {
    await opened.close()
    await database.drop()
  }
})
afterAll(() => close())

/** A process of its own: with a memory cache that is empty, on the tables that all share. */
function start({ top = 'hey', wanted = ['es'] }: { top?: string | null; wanted?: string[] } = {}) {
  const metrics = createMetrics()
  const listener = listenerTo(SONGS, top ?? undefined)
  const state = { now: new Date('2026-11-02T00:00:00Z'), broken: false, computed: 0, model }
  const service = recommendationService({
    store,
    cache: createCache({ metrics, logger }).cache,
    model: { current: async () => state.model },
    music: {
      async topTrackSeeds(userId) {
        state.computed += 1
        if (state.broken) throw new Error('music is down')
        return listener.topTrackSeeds(userId)
      },
    },
    catalogue: catalogueOf(SONGS),
    language: languagesIn(SONGS),
    profile: { preferredLanguages: async () => wanted },
    minConfidence: MIN_CONFIDENCE,
    clock: { now: () => state.now },
    logger,
  })
  return { service, state }
}

/** Somebody whom no other test knows. */
const user = () => uuid()

describe('recommendations by language', () => {
  it('show the track, its language, a score and a reason in words', async () => {
    const { service } = start()
    const answer = await service.byLanguage(user(), 'es-MX', 1)

    expect(answer).toEqual({
      lang: 'es',
      items: [
        {
          track: expect.objectContaining({ trackId: idOf('sol'), title: 'Song sol' }),
          language: { tag: 'es', confidence: 0.95 },
          score: 1,
          reason: {
            code: 'because_you_listen_to',
            trackId: idOf('hey'),
            title: 'Song hey',
            artist: 'Ann',
            text: {
              en: 'Because you listen to “Song hey” by Ann',
              es: 'Porque escuchas «Song hey» de Ann',
            },
          },
        },
      ],
      shortfall: 0,
      seeds: 1,
      basis: 'your_listening',
      model: { version: '1.0.0+test', trainedAt: '2026-11-01T00:00:00.000Z' },
      generatedAt: '2026-11-02T00:00:00.000Z',
    })
  })

  it('tell how many fewer there are than asked for', async () => {
    const { service } = start()

    expect(await service.byLanguage(user(), 'es', 20)).toMatchObject({ shortfall: 18 })
  })

  it('are refused for a text that is no language tag', async () => {
    const { service } = start()

    await expect(service.byLanguage(user(), 'es_MX')).rejects.toMatchObject({
      code: 'recommendations.unknown_language',
      status: 400,
    })
  })

  it('say that they rest on popularity when nothing is known of the user', async () => {
    const { service } = start({ top: null })
    const answer = await service.byLanguage(user(), 'es')

    expect(answer).toMatchObject({ seeds: 0, basis: 'popularity' })
    expect(answer.items[0]?.reason.text).toEqual({
      en: 'Popular in Spanish',
      es: 'Popular en español',
    })
  })

  it('come in the most wanted language, or tell the user to choose one', async () => {
    expect(await start({ wanted: ['es-AR', 'fr'] }).service.mine(user())).toMatchObject({
      lang: 'es',
    })
    await expect(start({ wanted: [] }).service.mine(user())).rejects.toMatchObject({
      code: 'recommendations.no_language',
      status: 409,
    })
  })
})

describe('kept lists', () => {
  it('serve every length and spelling of the language, computed once', async () => {
    const { service, state } = start()
    const userId = user()
    await service.byLanguage(userId, 'es', 1)
    await service.byLanguage(userId, 'es-MX', 50)

    expect(state.computed).toBe(1)
  })

  it('are shared by processes through the table, for an hour', async () => {
    const userId = user()
    await start().service.byLanguage(userId, 'es')
    const second = start()
    await second.service.byLanguage(userId, 'es')
    expect(second.state.computed).toBe(0)

    const later = start()
    later.state.now = new Date(later.state.now.getTime() + HOUR_MS)
    await later.service.byLanguage(userId, 'es')
    expect(later.state.computed).toBe(1)
  })

  it('are made anew by another model', async () => {
    const { service, state } = start()
    const userId = user()
    await service.byLanguage(userId, 'es')
    state.model = { ...model, version: '1.0.0+other' }

    expect(await service.byLanguage(userId, 'es')).toMatchObject({
      model: { version: '1.0.0+other' },
    })
  })

  it('stand in, and say so, when a new one cannot be made', async () => {
    const userId = user()
    await start().service.byLanguage(userId, 'es')
    const { service, state } = start()
    state.now = new Date(state.now.getTime() + 30 * HOUR_MS)
    state.broken = true
    const answer = await service.byLanguage(userId, 'es', 1)

    expect(answer).toMatchObject({ stale: true, generatedAt: '2026-11-02T00:00:00.000Z' })
    expect(answer.items).toHaveLength(1)
  })

  it('do not hide that a first one cannot be made', async () => {
    const { service, state } = start()
    state.broken = true

    await expect(service.byLanguage(user(), 'es')).rejects.toThrow('music is down')
  })

  it('are not kept while nothing is known of the user', async () => {
    const userId = user()
    const { service, state } = start({ top: null })
    await service.byLanguage(userId, 'es')
    await service.byLanguage(userId, 'es')

    expect(state.computed).toBe(2)
    expect(await store.list(userId, 'es')).toBeUndefined()
  })

  it('are gone once the user is forgotten', async () => {
    const { service, state } = start()
    const userId = user()
    await service.byLanguage(userId, 'es')
    await service.forget(userId)

    expect(await store.list(userId, 'es')).toBeUndefined()
    await service.byLanguage(userId, 'es')
    expect(state.computed).toBe(2)
  })

  it('hold no title and no name, which belong to their origins', async () => {
    await start().service.byLanguage(ME, 'es')
    const kept = JSON.stringify(await store.list(ME, 'es'))

    expect(kept).toContain(idOf('sol'))
    expect(kept).not.toMatch(/Song|Ann|Carla/)
  })
})
