import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Database, openDatabase } from '#platform/db'
import { createTestDatabase, type TestDatabase } from '#test'
import type { StoredHit } from './lyrics.schemas.ts'
import { lyricsStore } from './lyrics.store.ts'
import type { LyricsTables } from './lyrics.tables.ts'

let test: TestDatabase
let database: Database<LyricsTables>
beforeAll(async () => {
  test = await createTestDatabase()
  database = openDatabase<LyricsTables>({
    url: test.url,
    poolMax: 2,
    statementTimeoutMs: 5_000,
    applicationName: 'test',
  })
})
afterAll(async () => {
  await database.close()
  await test.drop()
})

const query = { artist: 'Mecano', title: 'Hijo de la luna' }
const hit: StoredHit = {
  title: 'Hijo de la Luna',
  artist: 'Mecano',
  url: 'https://lyrics.example/1',
  provider: 'genius',
  providerId: '1',
  language: 'es',
  score: 0.987,
  matched: { title: 1, artist: 0.967, page: 'original' },
}
const first = new Date('2026-11-24T10:00:00Z')
const later = new Date('2026-11-24T11:00:00Z')

describe('lyricsStore', () => {
  it('knows nothing of a query that was never searched for', async () => {
    expect(await lyricsStore(database.db).find('never')).toBeUndefined()
  })

  it('gives back a page as it was recorded', async () => {
    const store = lyricsStore(database.db)
    await store.record('page', query, { hit, searchedAt: first })
    expect(await store.find('page')).toEqual({ hit, searchedAt: first })
  })

  it('remembers that nothing was found', async () => {
    const store = lyricsStore(database.db)
    await store.record('miss', query, { hit: null, searchedAt: first })
    expect(await store.find('miss')).toEqual({ hit: null, searchedAt: first })
  })

  it('replaces an older answer in full, and keeps a newer one', async () => {
    const store = lyricsStore(database.db)
    await store.record('again', query, { hit, searchedAt: first })
    await store.record('again', query, { hit: null, searchedAt: later })
    expect(await store.find('again')).toEqual({ hit: null, searchedAt: later })
    await store.record('again', query, { hit, searchedAt: first })
    expect(await store.find('again')).toEqual({ hit: null, searchedAt: later })
  })

  it('takes two records of one query at once', async () => {
    const store = lyricsStore(database.db)
    const record = { hit, searchedAt: first }
    await Promise.all(Array.from({ length: 8 }, () => store.record('race', query, record)))
    expect(await store.find('race')).toEqual(record)
  })

  it('stores the longest names that a request may carry', async () => {
    const store = lyricsStore(database.db)
    const longest = { artist: '🎵'.repeat(200), title: 'é'.repeat(200) }
    await store.record('long', longest, { hit: null, searchedAt: first })
    expect(await store.find('long')).toEqual({ hit: null, searchedAt: first })
  })
})
