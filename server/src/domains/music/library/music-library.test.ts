import { randomUUID } from 'node:crypto'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { AppError } from '#platform/errors'
import { type MusicSystem, musicSystem } from '../../../../test/music/music-system.ts'

let music: MusicSystem
beforeAll(async () => {
  music = await musicSystem()
})
afterEach(() => music.control.clearFaults())
afterAll(() => music.close())

const top = { limit: 20, timeRange: 'medium_term' } as const

async function linkedUser(): Promise<string> {
  const userId = randomUUID()
  await music.link(userId)
  await music.control.forgetRequests()
  return userId
}

const apiCalls = async () => (await music.control.requests()).byTarget['spotify.api'] ?? 0
const snapshots = (userId: string) =>
  music.db.selectFrom('top_snapshot').selectAll().where('user_id', '=', userId).execute()
const thrownBy = (work: Promise<unknown>): Promise<Partial<AppError>> =>
  work.then(
    () => ({}),
    (error: AppError) => error,
  )

describe('top tracks', () => {
  it('come with facts, attribution and the language of each', async () => {
    const userId = await linkedUser()
    const before = await music.library.topTracks(userId, top)
    const known = before.items[1]?.trackId ?? ''
    const spanish = {
      status: 'detected' as const,
      tag: 'es',
      confidence: 0.97,
      languages: [{ tag: 'es', confidence: 0.97 }],
    }
    music.spoken.set(known, spanish)

    const { items, ...envelope } = await music.library.topTracks(userId, top)

    expect(envelope).toEqual({
      timeRange: 'medium_term',
      fetchedAt: before.fetchedAt,
      stale: false,
      attribution: { name: 'Spotify', url: 'https://www.spotify.com' },
    })
    expect(items).toHaveLength(20)
    expect(items[1]?.language).toEqual(spanish)
    expect(items[0]?.language).toMatchObject({ status: 'pending', tag: null, languages: [] })
    for (const { isrc, links } of items) {
      const truth = music.sandbox.catalogue.trackByIsrc.get(isrc ?? '')
      expect(links.spotify).toBe(`https://open.spotify.com/track/${truth?.id}`)
    }
  })

  it('cost one call, whatever the limit, until 15 minutes have passed', async () => {
    const userId = await linkedUser()

    const many = await music.library.topTracks(userId, { ...top, limit: 50 })
    const few = await music.library.topTracks(userId, { ...top, limit: 5 })

    expect(few.items).toEqual(many.items.slice(0, 5))
    expect(await apiCalls()).toBe(1)
  })

  it('cost one call when 50 ask at once', async () => {
    const userId = await linkedUser()

    await Promise.all(Array.from({ length: 50 }, () => music.library.topTracks(userId, top)))

    expect(await apiCalls()).toBe(1)
  })

  it('are told apart by time range', async () => {
    const userId = await linkedUser()

    const [short, long] = await Promise.all([
      music.library.topTracks(userId, { ...top, timeRange: 'short_term' }),
      music.library.topTracks(userId, { ...top, timeRange: 'long_term' }),
    ])

    expect(short.items.map(({ trackId }) => trackId)).not.toEqual(
      long.items.map(({ trackId }) => trackId),
    )
    expect([short.timeRange, long.timeRange]).toEqual(['short_term', 'long_term'])
  })

  it.each([
    ['answers 503', { kind: 'status', status: 503 }],
    ['asks to wait', { kind: 'rate-limit', retryAfterSeconds: 7200 }],
    ['answers nonsense', { kind: 'malformed' }],
    ['breaks the connection', { kind: 'reset' }],
  ] as const)('are the last seen ones while the provider %s', async (_, fault) => {
    const userId = await linkedUser()
    const fresh = await music.library.topTracks(userId, top)
    await music.control.fault({ target: 'spotify.api', ...fault })

    // Another process, whose cache is cold.
    const stale = await music.anotherReplica().library.topTracks(userId, top)

    expect(stale).toEqual({ ...fresh, stale: true })
  })

  it.each([
    ['503 music.provider_unavailable', { kind: 'status', status: 500 }],
    ['503 music.provider_rate_limited', { kind: 'rate-limit', retryAfterSeconds: 7200 }],
    ['403 music.provider_refused', { kind: 'status', status: 403 }],
  ] as const)('are the error %s when there is nothing to show', async (answer, fault) => {
    const userId = await linkedUser()
    await music.control.fault({ target: 'spotify.api', ...fault })

    // A process of its own, since a pause outlives the test.
    const listing = music.anotherReplica().library.topTracks(userId, top)
    const { status, code, retryAfterSeconds } = await thrownBy(listing)

    expect(`${status} ${code}`).toBe(answer)
    if (code === 'music.provider_rate_limited') expect(retryAfterSeconds).toBe(7200)
  })

  it('need a link, and one that works', async () => {
    const stranger = await thrownBy(music.library.topTracks(randomUUID(), top))
    expect(stranger).toMatchObject({ status: 409, code: 'music.not_linked' })

    const userId = await linkedUser()
    music.advanceSeconds(3600)
    await music.control.fault({ target: 'spotify.token', kind: 'invalid-grant' })
    const first = await thrownBy(music.library.topTracks(userId, top))
    const again = await thrownBy(music.library.topTracks(userId, top))
    for (const ended of [first, again]) {
      expect(ended).toMatchObject({ status: 409, code: 'music.relink_required' })
    }
  })

  it('are gone at once when the link is removed, from every cache', async () => {
    const userId = await linkedUser()
    const another = music.anotherReplica()
    await music.library.topTracks(userId, top)
    await another.library.topTracks(userId, top)

    await music.links.remove(userId, 'spotify')

    expect(await snapshots(userId)).toEqual([])
    for (const { library } of [music, another]) {
      expect(await thrownBy(library.topTracks(userId, top))).toMatchObject({
        code: 'music.not_linked',
      })
    }
  })

  it('are not kept when the link goes while they are fetched', async () => {
    const userId = await linkedUser()
    await music.control.fault({ target: 'spotify.api', kind: 'slow', delayMs: 300 })

    const fetching = music.library.topTracks(userId, top)
    while ((await apiCalls()) === 0) await music.links.list(userId)
    await music.links.remove(userId, 'spotify')
    await fetching

    expect(await snapshots(userId)).toEqual([])
  })

  it('of another account do not outlive a link to a new one', async () => {
    const userId = await linkedUser()
    const first = await music.library.topTracks(userId, top)
    await music.link(userId)
    expect(await snapshots(userId)).toEqual([])

    const second = await music.library.topTracks(userId, top)

    expect(second.items).not.toEqual(first.items)
  })
})

describe('top artists', () => {
  it('come with genres and links, and are kept like tracks', async () => {
    const userId = await linkedUser()
    const fresh = await music.library.topArtists(userId, top)
    await music.control.fault({ target: 'spotify.api', kind: 'status', status: 502 })

    const stale = await music.anotherReplica().library.topArtists(userId, top)

    expect(fresh.items).toHaveLength(20)
    expect(fresh.items[0]?.links.spotify).toMatch(/^https:\/\/open\.spotify\.com\/artist\/\w{22}$/)
    expect(stale).toEqual({ ...fresh, stale: true })
  })
})

describe('search', () => {
  it('finds tracks, and asks once for one query however it is spelt', async () => {
    const userId = await linkedUser()
    const [wanted] = music.sandbox.catalogue.tracks
    const text = `${wanted?.title} ${wanted?.artistNames[0]}`

    const found = await music.library.search(userId, { text, limit: 10 })
    const again = await music.library.search(userId, { text: `  ${text.toUpperCase()} `, limit: 2 })

    expect(found.items.map(({ isrc }) => isrc)).toContain(wanted?.isrc)
    expect(again.items).toEqual(found.items.slice(0, 2))
    expect(await apiCalls()).toBe(1)
  })

  it('needs a link even where the answer is cached', async () => {
    const userId = await linkedUser()
    await music.library.search(userId, { text: 'amor', limit: 5 })

    const stranger = await thrownBy(music.library.search(randomUUID(), { text: 'amor', limit: 5 }))

    expect(stranger).toMatchObject({ code: 'music.not_linked' })
  })

  it('is not refused to everybody because the link of whoever asked first has ended', async () => {
    const listener = music.freshListener()
    const [ended, ...good] = [randomUUID(), await linkedUser(), await linkedUser()]
    await music.link(ended, listener)
    await music.control.revoke(listener)
    await music.control.forgetRequests()
    await music.control.fault({ target: 'spotify.api', kind: 'slow', delayMs: 300, times: 1 })
    const query = { text: 'corazón', limit: 5 }

    const first = thrownBy(music.library.search(ended, query))
    await expect.poll(apiCalls).toBe(1)
    const others = await Promise.all(good.map((userId) => music.library.search(userId, query)))

    expect(await first).toMatchObject({ code: 'music.relink_required' })
    expect(others[0]?.attribution.name).toBe('Spotify')
    expect(others[1]).toEqual(others[0])
    expect(await apiCalls()).toBe(2)
  })

  it('says when the service does not understand the query', async () => {
    const userId = await linkedUser()
    await music.control.fault({ target: 'spotify.api', kind: 'status', status: 400 })

    const refused = await thrownBy(music.library.search(userId, { text: 'year:x', limit: 5 }))

    expect(refused).toMatchObject({ status: 400, code: 'music.query_refused' })
  })
})

describe('a track', () => {
  it('is found by our id only', async () => {
    const userId = await linkedUser()
    const [item] = (await music.library.topTracks(userId, top)).items

    expect(await music.library.track(item?.trackId ?? '')).toEqual(item)
    expect(await thrownBy(music.library.track(randomUUID()))).toMatchObject({
      status: 404,
      code: 'music.track_not_found',
    })
  })
})
