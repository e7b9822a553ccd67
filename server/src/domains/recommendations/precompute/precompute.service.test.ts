import { Kysely, PostgresDialect } from 'kysely'
import { Pool } from 'pg'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Pace, unhurried } from '#platform/jobs'
import { createLogger } from '#platform/telemetry'
import { createTestDatabase, type TestDatabase } from '#test'
import { recommendationStore } from '../recommendations.store.ts'
import type { RecommendationTables } from '../recommendations.tables.ts'
import {
  catalogueOf,
  languagesIn,
  listenerTo,
  MIN_CONFIDENCE,
  servedModelOf,
} from '../small-world.ts'
import { precomputeService } from './precompute.service.ts'
import { precomputeStore } from './precompute.store.ts'

const SONGS = [
  { name: 'a', artists: 'x', language: 'es' },
  { name: 'b', artists: 'y', language: 'es' },
  { name: 'c', artists: 'z', language: 'ja' },
]
const PLAYS = { ana: 'a b c', ben: 'a b' }
const never = new AbortController().signal
const quiet = createLogger({ logLevel: 'silent' }, { service: 'test' })

/** Users in the order of their ids. */
const USERS = Array.from(
  { length: 45 },
  (_, at) => `00000000-0000-7000-8000-${String(at).padStart(12, '0')}`,
)

let database: TestDatabase
let db: Kysely<RecommendationTables>

beforeAll(async () => {
  database = await createTestDatabase()
  const pool = new Pool({ connectionString: database.url, max: 4 })
  pool.on('connect', (client) => client.on('error', () => undefined))
  db = new Kysely({ dialect: new PostgresDialect({ pool }) })
})
beforeEach(async () => {
  await db.deleteFrom('reco_precompute').execute()
  await db.deleteFrom('recommendation_cache').execute()
})
afterAll(async () => {
  await db.destroy()
  await database.drop()
})

interface World {
  languages?: (userId: string) => readonly string[]
  linkGeneration?: () => string
}

async function world({ languages = () => ['es'], linkGeneration }: World = {}) {
  let now = new Date('2026-12-01T00:00:00Z')
  const model = await servedModelOf(SONGS, PLAYS)
  const listened = listenerTo(SONGS, 'a')
  const precompute = precomputeService({
    store: precomputeStore(db),
    lists: recommendationStore(db),
    users: {
      after: async (after, _since, limit) =>
        USERS.filter((id) => after === null || id > after).slice(0, limit),
      count: async () => USERS.length,
    },
    music: {
      ...listened,
      ...(linkGeneration && { linkGeneration: async () => linkGeneration() }),
    },
    catalogue: catalogueOf(SONGS),
    language: languagesIn(SONGS),
    profile: { preferredLanguages: async (userId) => languages(userId) },
    model: { current: async () => model },
    minConfidence: MIN_CONFIDENCE,
    everyHours: 2,
    activeDays: 14,
    clock: { now: () => now },
    logger: quiet,
  })
  const run = (signal = never, pace: Pace = unhurried) =>
    precompute.run({ signal, pace, onProgress: () => undefined })
  return {
    run,
    precompute,
    at(time: string) {
      now = new Date(time)
    },
  }
}

const kept = () =>
  db
    .selectFrom('recommendation_cache')
    .select(['user_id', 'lang', 'expires_at'])
    .orderBy('user_id')
    .execute()

const rounds = () => db.selectFrom('reco_precompute').selectAll().orderBy('started_at').execute()

describe('recommendations made in advance', () => {
  it('are there for every active user, in their languages, until the next round has come', async () => {
    const { run } = await world({ languages: (id) => (id === USERS[0] ? ['es', 'ja-JP'] : ['es']) })
    expect(await run()).toEqual({ finished: true, users: 45, lists: 46, skipped: 0 })
    const lists = await kept()
    expect(
      lists
        .slice(0, 2)
        .map(({ lang }) => lang)
        .toSorted(),
    ).toEqual(['es', 'ja'])
    expect(lists[0]?.expires_at).toEqual(new Date('2026-12-01T03:00:00Z'))
  })

  it('leave out who wants no language, and count them', async () => {
    const { run } = await world({ languages: (id) => (id === USERS[7] ? [] : ['es']) })
    expect(await run()).toEqual({ finished: true, users: 45, lists: 44, skipped: 1 })
  })

  it('go on where a round was cut off, so that each user counts once', async () => {
    const { run } = await world()
    const stop = new AbortController()
    let made = 0
    const cutOff: Pace = async (work) => {
      made += 1
      if (made === 30) stop.abort(new Error('killed'))
      return work()
    }
    await expect(run(stop.signal, cutOff)).rejects.toThrow('killed')
    expect(await rounds()).toMatchObject([{ users: 20, lists: 20, finished_at: null }])
    expect(await kept()).toHaveLength(20)

    let more = 0
    const counted: Pace = (work) => {
      more += 1
      return work()
    }
    expect(await run(never, counted)).toEqual({ finished: true, users: 45, lists: 45, skipped: 0 })
    expect(more).toBe(25)
    expect(await rounds()).toHaveLength(1)
  })

  it('are kept by one of two that make them at once', async () => {
    const store = precomputeStore(db)
    const now = new Date('2026-12-01T00:00:00Z')
    const round = await store.current(now)
    expect(await store.current(now)).toEqual(round)
    const portion = { lastUserId: USERS[19] ?? '', users: 20, skipped: 20, lists: [] }
    const outcomes = await Promise.allSettled([
      store.keep(round, portion, now),
      store.keep(round, portion, now),
    ])
    expect(outcomes.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
    expect(outcomes.find(({ status }) => status === 'rejected')).toMatchObject({
      reason: { name: 'RoundTakenError' },
    })
    expect(await rounds()).toMatchObject([{ users: 20 }])
  })

  it('are forgotten for a link that ended while they were made', async () => {
    let asked = 0
    const { run } = await world({
      linkGeneration: () => {
        asked += 1
        return asked <= 20 ? 'first link' : 'another link'
      },
    })
    await run()
    expect((await kept()).map(({ user_id }) => user_id)).toEqual(USERS.slice(20))
  })

  it('stop in good time, and say that they are not finished', async () => {
    const { run, at } = await world()
    const slow: Pace = (work) => {
      at('2026-12-01T00:30:00Z')
      return work()
    }
    expect(await run(never, slow)).toMatchObject({ finished: false, users: 20 })
    expect(await run()).toMatchObject({ finished: true, users: 45 })
  })
})
