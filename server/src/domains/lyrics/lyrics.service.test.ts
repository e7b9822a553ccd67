import { afterEach, describe, expect, it } from 'vitest'
import { type Cache, createCache } from '#platform/cache'
import { ProviderError } from '#platform/outbound'
import { createLogger, createMetrics } from '#platform/telemetry'
import { candidateOf } from './labelled-case.ts'
import type { LyricsCandidate, LyricsProvider } from './lyrics.ports.ts'
import { lyricsService } from './lyrics.service.ts'
import type { LyricsSearchRecord, LyricsStore } from './lyrics.store.ts'

const MECANO = candidateOf('- Mecano | Hijo de la Luna | language=es', 1)
const query = { artist: 'mecano', title: 'Hijo de la luna' }
const down = () =>
  new ProviderError({ provider: 'genius', operation: 'search', fault: 'unavailable' })

/** A provider that answers by a table of pages, counts its calls and can be taken down. */
function fakeProvider(pages: readonly LyricsCandidate[], name = 'genius') {
  const state = { calls: [] as string[], failure: undefined as Error | undefined }
  const provider: LyricsProvider = {
    name,
    attribution: `Lyrics at ${name}`,
    async search(text) {
      state.calls.push(text)
      if (state.failure !== undefined) throw state.failure
      return [...pages]
    },
  }
  return { provider, state }
}

function memoryStore(): LyricsStore {
  const records = new Map<string, LyricsSearchRecord>()
  return {
    find: async (key) => records.get(key),
    record: async (key, _query, found) => void records.set(key, found),
  }
}

const caches: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of caches.splice(0)) await close()
})

function emptyCache(): Cache {
  const logger = createLogger({ logLevel: 'silent' }, { service: 'test' })
  const { cache, close } = createCache({ metrics: createMetrics(), logger })
  caches.push(close)
  return cache
}

/** Keeps nothing, and writes down for how long it would have. */
function recordingCache() {
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
  return { cache, keptSeconds }
}

/** A process of its own: an empty cache over a store that may be an earlier one's. */
function start(
  providers: readonly LyricsProvider[],
  store = memoryStore(),
  now = { ms: 0 },
  cache = emptyCache(),
) {
  const clock = { now: () => new Date(now.ms) }
  return lyricsService({ cache, providers, store, clock })
}

describe('finding a song', () => {
  it('answers with the page, how well it fits and whom to thank', async () => {
    const { provider } = fakeProvider([MECANO])
    expect(await start([provider]).find(query)).toEqual({
      title: 'Hijo de la Luna',
      artist: 'Mecano',
      url: 'https://lyrics.example/1',
      provider: 'genius',
      providerId: '1',
      language: 'es',
      score: 1,
      matched: { title: 1, artist: 1, page: 'original' },
      attribution: 'Lyrics at genius',
    })
  })

  it('asks the provider once for the same song in other letters', async () => {
    const { provider, state } = fakeProvider([MECANO])
    const lyrics = start([provider])
    await lyrics.find(query)
    await lyrics.find({ artist: ' MECANO', title: 'HIJO  DE LA LUNA' })
    expect(state.calls).toEqual(['mecano Hijo de la luna'])
  })

  it('tries the title alone before it gives up, and remembers the miss', async () => {
    const { provider, state } = fakeProvider([])
    const lyrics = start([provider])
    const miss = { code: 'lyrics.not_found', status: 404 }
    await expect(lyrics.find(query)).rejects.toMatchObject(miss)
    await expect(lyrics.find(query)).rejects.toMatchObject(miss)
    expect(state.calls).toEqual(['mecano Hijo de la luna', 'Hijo de la luna'])
  })

  it('serves what an earlier process found, hit or miss, for an hour', async () => {
    for (const pages of [[MECANO], []]) {
      const { provider, state } = fakeProvider(pages)
      const store = memoryStore()
      const outcome = (ms: number) =>
        start([provider], store, { ms })
          .find(query)
          .then(
            ({ url }) => url,
            (error: unknown) => error,
          )
      const before = await outcome(0)
      const callsBefore = state.calls.length
      expect(await outcome(59 * 60_000)).toEqual(before)
      expect(state.calls.length).toBe(callsBefore)
      await outcome(61 * 60_000)
      expect(state.calls.length).toBe(2 * callsBefore)
    }
  })

  it('caches an answer for what is left of its hour, at least for a minute', async () => {
    const { provider } = fakeProvider([MECANO])
    const store = memoryStore()
    const { cache, keptSeconds } = recordingCache()
    for (const minutes of [0, 20, 59.5]) {
      await start([provider], store, { ms: minutes * 60_000 }, cache).find(query)
    }
    expect(keptSeconds).toEqual([60 * 60, 40 * 60, 60])
  })

  it('serves an old answer while the provider fails, and asks it again next time', async () => {
    const { provider, state } = fakeProvider([MECANO])
    const store = memoryStore()
    await start([provider], store).find(query)
    state.failure = down()
    const later = start([provider], store, { ms: 30 * 86_400_000 })
    expect(await later.find(query)).toMatchObject({ providerId: '1', stale: true })
    expect(await later.find(query)).toMatchObject({ providerId: '1', stale: true })
    expect(state.calls.length).toBe(3)
  })

  it('says that the provider is down, and for how long, when nothing is known', async () => {
    const { provider, state } = fakeProvider([MECANO])
    const lyrics = start([provider])
    state.failure = new ProviderError({
      provider: 'genius',
      operation: 'search',
      fault: 'rate-limited',
      retryAfterSeconds: 77,
    })
    await expect(lyrics.find(query)).rejects.toMatchObject({
      code: 'lyrics.provider_unavailable',
      status: 503,
      retryAfterSeconds: 77,
      cause: state.failure,
    })
    state.failure = undefined
    expect(await lyrics.find(query)).toMatchObject({ providerId: '1' })
  })

  it('does not take a fault of our own for the provider’s', async () => {
    const { provider, state } = fakeProvider([MECANO])
    state.failure = new RangeError('a bug')
    await expect(start([provider]).find(query)).rejects.toThrow(RangeError)
  })

  it('asks the next provider when one fails or has nothing', async () => {
    const [empty, failing, full] = ['a', 'b', 'c'].map((name) =>
      fakeProvider(name === 'c' ? [MECANO] : [], name),
    )
    if (!empty || !failing || !full) throw new Error('three providers were made')
    failing.state.failure = down()
    const providers = [empty.provider, failing.provider, full.provider]
    expect(await start(providers).find(query)).toMatchObject({ provider: 'c' })
  })

  it('does not call it a miss when a provider could not be asked', async () => {
    const failing = fakeProvider([], 'a')
    const empty = fakeProvider([], 'b')
    failing.state.failure = down()
    const store = memoryStore()
    const lyrics = start([failing.provider, empty.provider], store)
    await expect(lyrics.find(query)).rejects.toMatchObject({ code: 'lyrics.provider_unavailable' })
    failing.state.failure = undefined
    await expect(lyrics.find(query)).rejects.toMatchObject({ code: 'lyrics.not_found' })
  })

  it('says so when no provider is set up', async () => {
    const lyrics = start([])
    const refusal = { code: 'lyrics.not_configured', status: 503 }
    await expect(lyrics.find(query)).rejects.toMatchObject(refusal)
    await expect(lyrics.search({ q: 'a', limit: 1 })).rejects.toMatchObject(refusal)
  })
})

describe('searching', () => {
  it('gives at most as many pages as asked for, from one call whatever the limit', async () => {
    const pages = Array.from({ length: 20 }, (_, i) => candidateOf(`- A | Song ${i}`, i))
    const { provider, state } = fakeProvider(pages)
    const lyrics = start([provider])
    expect((await lyrics.search({ q: 'song', limit: 3 })).items.length).toBe(3)
    expect((await lyrics.search({ q: 'Song', limit: 20 })).items.length).toBe(20)
    expect(state.calls).toEqual(['song'])
  })

  it('gives what one provider has while another fails', async () => {
    const failing = fakeProvider([], 'a')
    const full = fakeProvider([MECANO], 'b')
    failing.state.failure = down()
    const { items } = await start([failing.provider, full.provider]).search({ q: 'x', limit: 5 })
    expect(items).toMatchObject([{ provider: 'b', title: 'Hijo de la Luna' }])
  })

  it('says that the provider is down when all are', async () => {
    const { provider, state } = fakeProvider([MECANO])
    state.failure = down()
    await expect(start([provider]).search({ q: 'x', limit: 5 })).rejects.toMatchObject({
      code: 'lyrics.provider_unavailable',
      retryAfterSeconds: 30,
    })
  })
})
