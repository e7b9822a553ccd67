import { v7 as user } from 'uuid'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Cache } from '#platform/cache'
import { openDatabase } from '#platform/db'
import { createTestDatabase } from '#test'
import { type RecommendationStore, recommendationStore } from './recommendations.store.ts'
import type { RecommendationTables } from './recommendations.tables.ts'
import type { ServedModel } from './registry/model-loader.ts'
import { type Start, smallModel, startProcess } from './small-process.ts'
import { idOf } from './small-world.ts'

const HOUR_MS = 3_600_000

let close: () => Promise<void>
let store: RecommendationStore
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
  model = await smallModel()
  close = async () => {
    await opened.close()
    await database.drop()
  }
})
afterAll(() => close())

/** A process of its own: with a memory cache that is empty, on the tables that all share. */
const start = (changes: Partial<Start> = {}) => startProcess({ store, model, ...changes })

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
    await start().service.byLanguage(userId, 'es', 20)
    const second = start()
    await second.service.byLanguage(userId, 'es', 20)
    expect(second.state.computed).toBe(0)

    const later = start()
    later.state.now = new Date(later.state.now.getTime() + HOUR_MS)
    await later.service.byLanguage(userId, 'es', 20)
    expect(later.state.computed).toBe(1)
  })

  it('are kept in memory for what is left of the hour', async () => {
    const keptSeconds: number[] = []
    const cache: Cache = {
      through: async (key, policy, load) => (await cache.throughAged(key, policy, load)).value,
      async throughAged(_key, { ttlSeconds }, load) {
        let seconds = ttlSeconds
        const keepFor = (asked: number) => {
          seconds = asked
        }
        const value = await load({ keepFor })
        keptSeconds.push(seconds)
        return { value, stale: false }
      },
      delete: async () => {},
      deleteByTag: async () => {},
    }
    const userId = user()
    const { service, state } = start({ cache })
    await service.byLanguage(userId, 'es', 20)
    state.now = new Date(state.now.getTime() + 0.75 * HOUR_MS)
    await service.byLanguage(userId, 'es', 20)

    expect(keptSeconds).toEqual([3600, 900])
  })

  it('are made anew by another model', async () => {
    const { service, state } = start()
    const userId = user()
    await service.byLanguage(userId, 'es', 20)
    state.model = { ...model, version: '1.0.0+other' }

    expect(await service.byLanguage(userId, 'es', 20)).toMatchObject({
      model: { version: '1.0.0+other' },
    })
  })

  it('stand in, and say so, when a new one cannot be made', async () => {
    const userId = user()
    await start().service.byLanguage(userId, 'es', 20)
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

    await expect(service.byLanguage(user(), 'es', 20)).rejects.toThrow('music is down')
  })

  it('stand in for everybody who waits for the one that could not be made', async () => {
    const userId = user()
    await start().service.byLanguage(userId, 'es', 20)
    const { service, state } = start()
    state.now = new Date(state.now.getTime() + 30 * HOUR_MS)
    state.broken = true
    const answers = [1, 2, 3].map(() => service.byLanguage(userId, 'es', 1))

    for (const answer of await Promise.all(answers)) expect(answer.stale).toBe(true)
    expect(state.computed).toBe(1)
  })

  it('are one for all of whom nothing is known, made once', async () => {
    const { service, state } = start({ top: null })
    const first = user()
    expect(await service.byLanguage(first, 'es', 20)).toMatchObject({ basis: 'popularity' })
    expect(state.ranked).toBe(1)
    await service.byLanguage(first, 'es-AR', 5)
    await service.byLanguage(user(), 'es', 20)

    expect(state.ranked).toBe(1)
    expect(await store.list(first, 'es', 'none')).toBeUndefined()
  })

  it('are that one too for a link through which nothing was seen', async () => {
    const { service, state } = start({ top: null, link: 'one' })
    const userId = user()
    expect(await service.byLanguage(userId, 'es', 20)).toMatchObject({ basis: 'popularity' })
    await service.byLanguage(userId, 'es', 20)

    expect([state.computed, state.ranked]).toEqual([1, 1])
  })

  it('know the user as soon as they link an account', async () => {
    const { service, state } = start({ link: 'none' })
    const userId = user()
    expect(await service.byLanguage(userId, 'es', 20)).toMatchObject({ basis: 'popularity' })
    state.link = 'one'

    expect(await service.byLanguage(userId, 'es', 20)).toMatchObject({ basis: 'your_listening' })
  })

  it('of an account that was unlinked are served by no process any more', async () => {
    const userId = user()
    const processes = [start(), start()]
    for (const { service } of processes) await service.byLanguage(userId, 'es', 20)
    for (const { state } of processes) state.link = 'none'
    await processes[0]?.service.forget(userId)

    for (const { service } of processes) {
      expect(await service.byLanguage(userId, 'es', 20)).toMatchObject({ basis: 'popularity' })
    }
    expect(await store.list(userId, 'es', 'one')).toBeUndefined()
  })

  it('of an account that was unlinked do not stand in for those of another', async () => {
    const userId = user()
    await start().service.byLanguage(userId, 'es', 20)
    const { service, state } = start({ link: 'two' })
    state.broken = true

    await expect(service.byLanguage(userId, 'es', 20)).rejects.toThrow('music is down')
  })

  it('are not written back by one who was making them when the account was unlinked', async () => {
    const { service, state } = start()
    const userId = user()
    state.meanwhile = async () => {
      state.link = 'none'
      await service.forget(userId)
    }
    await service.byLanguage(userId, 'es', 20)

    expect(await store.list(userId, 'es', 'one')).toBeUndefined()
  })

  it('hold no title and no name, which belong to their origins', async () => {
    const userId = user()
    await start().service.byLanguage(userId, 'es', 20)
    const kept = JSON.stringify(await store.list(userId, 'es', 'one'))

    expect(kept).toContain(idOf('sol'))
    expect(kept).not.toMatch(/Song|Ann|Carla/)
  })
})
