import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { compose } from '#compose'
import { RECOMMENDABLE_CONFIDENCE } from '#domains/language'
import { createLogger } from '#platform/telemetry'
import {
  createTestApp,
  seedListening,
  startTestSandbox,
  type TestApp,
  type TestSandbox,
  type TestUser,
} from '#test'

const SEED_TIMEOUT_MS = 120_000

interface Item {
  track: { trackId: string; title: string; isrc: string; artists: { name: string }[] }
  language: { tag: string; confidence: number }
  reason: { code: string; text: { en: string; es: string } }
}
interface Recommended {
  lang: string
  items: Item[]
  shortfall: number
}
interface Top {
  items: {
    trackId: string
    title: string
    isrc: string
    language: { status: string; tag: string | null }
  }[]
  stale: boolean
}

let sandbox: TestSandbox
let test: TestApp
let user: TestUser
const truth = new Map<string, string[]>()

beforeAll(async () => {
  sandbox = await startTestSandbox()
  test = await createTestApp({ env: sandbox.env })
  await seedListening(test.system)

  for (const { isrc, languages } of await control<TruthRow[]>('/truth')) truth.set(isrc, languages)
  const listeners = await control<{ id: string; displayName: string }[]>('/listeners')
  user = await test.register()
  await sandbox.link(test.app, user.headers, listeners[0]?.id ?? '')
}, SEED_TIMEOUT_MS)

afterAll(async () => {
  await test.close()
  await sandbox.close()
})

interface TruthRow {
  isrc: string
  languages: string[]
}

async function control<T>(path: string): Promise<T> {
  const answer = (await (await fetch(`${sandbox.url}/control${path}`)).json()) as object
  const [list] = Object.values(answer)
  return (Array.isArray(answer) ? answer : list) as T
}

const topTracks = async (query = '') =>
  (
    await test.app.inject({ url: `/music/me/top/tracks${query}`, headers: user.headers })
  ).json<Top>()

const recommend = async (lang: string, limit = 20, headers = user.headers) => {
  const answer = await test.app.inject({
    method: 'POST',
    url: '/reco/by-language',
    headers,
    body: { lang, limit },
  })
  expect(answer.statusCode, answer.body).toBe(200)
  return answer.json<Recommended>()
}

describe('the main job', () => {
  it('shows the top tracks with the language of each', async () => {
    const { items, stale } = await topTracks('?limit=50')
    expect(stale).toBe(false)
    expect(items).toHaveLength(50)
    const detected = items.filter(({ language }) => language.status === 'detected')
    expect(detected.length).toBeGreaterThanOrEqual(40)
    const right = detected.filter(({ isrc, language }) =>
      truth.get(isrc)?.includes(language.tag ?? ''),
    )
    expect(right.length / detected.length).toBeGreaterThanOrEqual(0.9)
  })

  it.each(['es', 'fr', 'ja', 'de', 'it', 'pt'])(
    'recommends in %s, and every song is',
    async (lang) => {
      const { items, shortfall } = await recommend(lang, 20)
      expect(items.length + shortfall).toBe(20)
      expect(items.length).toBeGreaterThanOrEqual(10)
      for (const { track } of items) expect(truth.get(track.isrc), track.title).toContain(lang)
    },
  )

  it('never recommends what is among the top tracks, nor one artist without end', async () => {
    const own = new Set<string>()
    for (const range of ['short_term', 'medium_term', 'long_term']) {
      const { items } = await topTracks(`?limit=50&time_range=${range}`)
      for (const { trackId } of items) own.add(trackId)
    }
    const { items } = await recommend('es', 50)
    expect(items.filter(({ track }) => own.has(track.trackId))).toEqual([])
    const byArtist = Map.groupBy(items, ({ track }) => track.artists[0]?.name)
    expect(Math.max(...[...byArtist.values()].map((list) => list.length))).toBeLessThanOrEqual(2)
  })

  it('gives each song a reason, in English and Spanish', async () => {
    const { items } = await recommend('es')
    for (const { reason } of items) {
      expect(['because_you_listen_to', 'more_from_artist', 'popular_in_language']).toContain(
        reason.code,
      )
      expect(reason.text.en.length).toBeGreaterThan(5)
      expect(reason.text.es.length).toBeGreaterThan(5)
    }
    expect(items.some(({ reason }) => reason.text.en.startsWith('Because you listen to'))).toBe(
      true,
    )
  })

  it.each(['es', 'fr', 'ja'])(
    'would take no song for %s that is not, whoever listens',
    async (lang) => {
      const taken: { title: string; right: boolean }[] = []
      for await (const { title, isrc, language } of everyTrack()) {
        const { tag, confidence } = language
        if (tag !== lang || (confidence ?? 0) < RECOMMENDABLE_CONFIDENCE) continue
        taken.push({ title, right: truth.get(isrc ?? '')?.includes(lang) === true })
      }
      expect(taken.length).toBeGreaterThanOrEqual(40)
      expect(taken.filter(({ right }) => !right)).toEqual([])
    },
  )

  it('says how many are missing instead of filling up with another language', async () => {
    const { items, shortfall } = await recommend('is', 50)
    expect(shortfall).toBeGreaterThan(0)
    for (const { track } of items) expect(truth.get(track.isrc), track.title).toContain('is')
  })

  it('answers somebody without a linked account from what is popular', async () => {
    const stranger = await test.register()
    const { items } = await recommend('es', 10, stranger.headers)
    expect(items).toHaveLength(10)
    expect(new Set(items.map(({ reason }) => reason.code))).toEqual(
      new Set(['popular_in_language']),
    )
  })

  it('forgets what was made of an account as soon as it is unlinked', async () => {
    const guest = await test.register()
    const [, second] = await control<{ id: string }[]>('/listeners')
    await sandbox.link(test.app, guest.headers, second?.id ?? '')
    const linked = await recommend('en', 10, guest.headers)
    expect(linked.items.some(({ reason }) => reason.code !== 'popular_in_language')).toBe(true)
    const { headers } = guest
    const removed = await test.app.inject({
      method: 'DELETE',
      url: '/music/links/spotify',
      headers,
    })
    expect(removed.statusCode).toBe(204)
    const after = await recommend('en', 10, headers)
    expect(new Set(after.items.map(({ reason }) => reason.code))).toEqual(
      new Set(['popular_in_language']),
    )
  })

  it('follows the language that the user has chosen', async () => {
    const before = await test.app.inject({ url: '/reco/me', headers: user.headers })
    expect(before.json()).toMatchObject({ status: 409, code: 'recommendations.no_language' })
    await test.app.inject({
      method: 'PATCH',
      url: '/users/me/lang',
      headers: user.headers,
      body: { lang: 'fr' },
    })
    const mine = await test.app.inject({ url: '/reco/me?limit=5', headers: user.headers })
    expect(mine.json<Recommended>().lang).toBe('fr')
    expect(mine.json<Recommended>().items).toHaveLength(5)
  })

  it('finds where the words of a song live', async () => {
    const found = await test.app.inject({
      url: '/lyrics',
      query: { artist: 'Joan Manuel Serrat', title: 'Mediterraneo' },
      headers: user.headers,
    })
    expect(found.json()).toMatchObject({ title: 'Mediterráneo', artist: 'Joan Manuel Serrat' })
    expect(found.json<{ url: string }>().url).toMatch(/^https:\/\/genius\.com\//)
  })

  it('shows the evidence for a language', async () => {
    const { items } = await topTracks('?limit=1')
    const id = items[0]?.trackId
    const { statusCode, body } = await test.app.inject({
      url: `/language/tracks/${id}`,
      headers: user.headers,
    })
    expect(statusCode).toBe(200)
    const { evidence, detectorVersion } = JSON.parse(body) as {
      evidence: { source: string }[]
      detectorVersion: string
    }
    expect(evidence.map(({ source }) => source)).toContain('isrc')
    expect(detectorVersion).toMatch(/\S/)
  })
})

describe('when Spotify is down', () => {
  it('serves what it showed before, and says that it is old', async () => {
    const fresh = await topTracks()
    await fetch(`${sandbox.url}/control/faults`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ target: 'spotify.api', kind: 'status', status: 503 }),
    })
    // Another process of ours, whose memory is empty.
    const twin = await createTwin()
    const answer = await twin.app.inject({ url: '/music/me/top/tracks', headers: user.headers })
    expect(answer.statusCode).toBe(200)
    const old = answer.json<Top>()
    expect(old.stale).toBe(true)
    expect(old.items.map(({ trackId }) => trackId)).toEqual(
      fresh.items.map(({ trackId }) => trackId),
    )
    await fetch(`${sandbox.url}/control/faults`, { method: 'DELETE' })
    await twin.close()
  })
})

async function* everyTrack() {
  let after: string | null = null
  for (;;) {
    const page: Awaited<ReturnType<typeof test.system.catalogue.after>> =
      await test.system.catalogue.after(after, 500)
    const languages = await test.system.language.languagesOf(page.map(({ trackId }) => trackId))
    for (const track of page) {
      const language = languages.get(track.trackId)
      if (language !== undefined) yield { ...track, language }
    }
    const last = page.at(-1)
    if (last === undefined) return
    after = last.trackId
  }
}

/** A second process of the same system. */
async function createTwin() {
  const logger = createLogger({ logLevel: 'silent' }, { service: 'twin' })
  const system = compose(test.config, { role: 'twin', logger })
  const app = await system.httpServer()
  return {
    app,
    async close() {
      await app.close()
      await system.close()
    },
  }
}
