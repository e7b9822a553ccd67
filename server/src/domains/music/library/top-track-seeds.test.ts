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

async function linkedUser(): Promise<string> {
  const userId = randomUUID()
  await music.link(userId)
  await music.control.forgetRequests()
  return userId
}

const apiCalls = async () => (await music.control.requests()).byTarget['spotify.api'] ?? 0
const thrownBy = (work: Promise<unknown>): Promise<Partial<AppError>> =>
  work.then(
    () => ({}),
    (error: AppError) => error,
  )

describe('top track seeds', () => {
  it('are all top tracks of all time ranges, the most listed first', async () => {
    const userId = await linkedUser()
    const ranges = ['short_term', 'medium_term', 'long_term'] as const
    const lists = await Promise.all(
      ranges.map((timeRange) => music.library.topTracks(userId, { limit: 50, timeRange })),
    )

    const seeds = await music.seeds.topTrackSeeds(userId)

    const listed = new Set(lists.flatMap(({ items }) => items.map(({ trackId }) => trackId)))
    expect(new Set(seeds.map(({ trackId }) => trackId))).toEqual(listed)
    expect(seeds).toHaveLength(listed.size)
    expect(seeds.map(({ weight }) => weight)).toEqual(
      seeds.map(({ weight }) => weight).toSorted((a, b) => b - a),
    )
    for (const { weight, artistIds } of seeds) {
      expect(weight).toBeGreaterThan(0)
      expect(weight).toBeLessThanOrEqual(1)
      expect(artistIds.length).toBeGreaterThan(0)
    }
    expect(await apiCalls()).toBe(3)
  })

  it('are the last seen ones when the agreement has ended', async () => {
    const userId = await linkedUser()
    const before = await music.seeds.topTrackSeeds(userId)
    music.advanceSeconds(3600)
    await music.control.fault({ target: 'spotify.token', kind: 'invalid-grant' })

    const after = await music.anotherReplica().seeds.topTrackSeeds(userId)
    const later = await music.anotherReplica().seeds.topTrackSeeds(userId)

    expect(after).toEqual(before)
    expect(later).toEqual(before)
  })

  it('are of another generation after linking and unlinking, in every process', async () => {
    const [userId, another] = [randomUUID(), music.anotherReplica()]
    const generation = () => another.seeds.linkGeneration(userId)
    const before = await generation()
    await music.link(userId)
    const linked = await generation()
    await music.link(userId)
    const relinked = await generation()
    await music.links.remove(userId, 'spotify')

    expect([before, await generation()]).toEqual(['none', 'none'])
    expect(new Set([before, linked, relinked]).size).toBe(3)
    expect(await music.seeds.linkGeneration(userId)).toBe('none')
  })

  it('keep their generation when the agreement has ended', async () => {
    const userId = await linkedUser()
    const linked = await music.seeds.linkGeneration(userId)
    music.advanceSeconds(3600)
    await music.control.fault({ target: 'spotify.token', kind: 'invalid-grant' })
    await music.seeds.topTrackSeeds(userId).catch(() => undefined)

    expect(await music.seeds.linkGeneration(userId)).toBe(linked)
  })

  it('are an error without a link, or when nothing was ever seen', async () => {
    expect(await thrownBy(music.seeds.topTrackSeeds(randomUUID()))).toMatchObject({
      code: 'music.not_linked',
    })
    const userId = await linkedUser()
    await music.control.fault({ target: 'spotify.api', kind: 'status', status: 500 })
    expect(await thrownBy(music.seeds.topTrackSeeds(userId))).toMatchObject({
      code: 'music.provider_unavailable',
    })
  })
})
