import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startJobWorker } from '#platform/jobs'
import { createLogger, createMetrics } from '#platform/telemetry'
import { type MusicSystem, musicSystem } from '../../../test/music/music-system.ts'
import { musicJobs, registerMusicJobs } from './music.jobs.ts'

let music: MusicSystem
beforeAll(async () => {
  music = await musicSystem()
})
afterAll(() => music.close())

const MONTH = 31 * 86_400
const top = { limit: 50, timeRange: 'medium_term' } as const
let sequence = 0

function described() {
  sequence += 1
  return {
    providerId: `expiring${sequence}`,
    title: `Title ${sequence}`,
    artists: [{ providerId: `artist${sequence}`, name: `Artist ${sequence}` }],
    album: null,
    releaseYear: null,
    isrc: `ESA0126${String(sequence).padStart(5, '0')}`,
    durationMs: null,
  }
}
type Described = ReturnType<typeof described>

const recordAll = (tracks: readonly Described[]) => music.catalogue.record(tracks, 'spotify')
async function recorded(track: Described = described()) {
  const [facts] = await recordAll([track])
  if (facts === undefined) throw new Error('nothing was recorded')
  return { track, trackId: facts.trackId, artistId: facts.artists[0]?.artistId ?? '' }
}
const expire = () => music.expiry.expire(new AbortController().signal)
const titleOf = async (trackId: string) => (await music.catalogue.byIds([trackId]))[0]?.title

/** The same track as an import describes it, which may be kept. */
async function alsoImported({ isrc }: Described): Promise<void> {
  const entry = { title: 'Imported', artists: [{ ids: [], name: 'Import' }], album: 'Dump' }
  const ids = [{ namespace: 'isrc' as const, value: isrc }]
  await music.catalogue.recordEntries(
    [{ ...entry, ids, releaseYear: null, durationMs: null }],
    'listenbrainz',
  )
}

async function linkedUser(): Promise<string> {
  const userId = randomUUID()
  await music.link(userId)
  return userId
}

describe('expiry', () => {
  it('deletes what a provider said of a track a month ago, and of its artist', async () => {
    const { track, trackId, artistId } = await recorded()
    music.advanceSeconds(MONTH)

    expect(await expire()).toMatchObject({ trackFacts: 1, artistFacts: 1 })

    expect(await music.catalogue.byIds([trackId])).toEqual([])
    expect(await music.catalogue.artistsByIds([artistId])).toEqual([])
    expect(await music.catalogue.artistsTracks([artistId], 10)).toEqual([])
    const again = await recorded(track)
    expect(again).toEqual({ track, trackId, artistId })
    expect(await titleOf(trackId)).toBe(track.title)
  })

  it('deletes nothing before its time', async () => {
    const { track, trackId } = await recorded()
    music.advanceSeconds(29 * 86_400)
    await expire()

    expect(await titleOf(trackId)).toBe(track.title)
  })

  it('leaves alone what the provider has said again', async () => {
    const { track, trackId } = await recorded()
    music.advanceSeconds(MONTH)
    await recorded(track)
    await expire()

    expect(await titleOf(trackId)).toBe(track.title)
  })

  it('lets no top list lose its titles, until its user unlinks', async () => {
    const userId = await linkedUser()
    const tracks = (await music.library.topTracks(userId, top)).items
    const artists = (await music.library.topArtists(userId, top)).items
    const read = async () => ({
      titles: await Promise.all(tracks.map(({ trackId }) => titleOf(trackId))),
      names: (await music.catalogue.artistsByIds(artists.map(({ artistId }) => artistId))).map(
        ({ name }) => name,
      ),
    })
    const before = await read()
    music.advanceSeconds(MONTH)

    await expire()
    expect(await read()).toEqual(before)
    expect(before.titles).toEqual(tracks.map(({ title }) => title))
    expect(before.names).toEqual(artists.map(({ name }) => name))

    await music.links.remove(userId, 'spotify')
    await expire()
    expect(await read()).toEqual({ titles: tracks.map(() => undefined), names: [] })
  })

  it('lets no play lose its title', async () => {
    const { track, trackId, artistId } = await recorded()
    const listener_id = randomUUID()
    const listened_at = music.now()
    await music.db
      .insertInto('listener')
      .values({
        id: listener_id,
        user_id: null,
        source: 'spotify',
        external_name: listener_id,
        created_at: listened_at,
      })
      .execute()
    await music.db
      .insertInto('listen')
      .values({ listener_id, listened_at, track_id: trackId, origin: 'spotify' })
      .execute()
    music.advanceSeconds(MONTH)

    await expire()

    expect(await music.catalogue.byIds([trackId])).toMatchObject([
      { title: track.title, artists: [{ artistId }] },
    ])
  })

  it('shows what others say at once when a fact expires, and deletes the fact', async () => {
    const { track, trackId } = await recorded()
    await alsoImported(track)
    const origins = async () => {
      const rows = music.db.selectFrom('track_fact').select('origin')
      return rows.where('track_id', '=', trackId).orderBy('origin').execute()
    }
    expect(await titleOf(trackId)).toBe(track.title)
    music.advanceSeconds(MONTH)

    const imported = { title: 'Imported', album: 'Dump', artists: [{ name: 'Import' }] }
    expect(await music.catalogue.byIds([trackId])).toMatchObject([imported])
    expect(await origins()).toHaveLength(2)

    await expire()
    expect(await music.catalogue.byIds([trackId])).toMatchObject([imported])
    expect(await origins()).toEqual([{ origin: 'listenbrainz' }])
  })

  it('goes on after what must stay, in portions', async () => {
    const userId = await linkedUser()
    const before = await recordAll(Array.from({ length: 10 }, described))
    const { items } = await music.library.topTracks(userId, top)
    const after = await recordAll(Array.from({ length: 10 }, described))
    music.advanceSeconds(MONTH)

    await expire()

    for (const { trackId } of [...before, ...after]) expect(await titleOf(trackId)).toBeUndefined()
    expect(await titleOf(items[0]?.trackId ?? '')).toBe(items[0]?.title)
    await music.links.remove(userId, 'spotify')
  })

  it('loses nothing that is recorded meanwhile', async () => {
    const tracks = Array.from({ length: 40 }, described)
    await recordAll(tracks)
    music.advanceSeconds(MONTH)

    const [facts] = await Promise.all([recordAll(tracks), expire(), recordAll(tracks), expire()])

    const ids = facts.map(({ trackId }) => trackId)
    const read = await music.catalogue.byIds(ids)
    expect(read.map(({ title }) => title)).toEqual(tracks.map(({ title }) => title))
    expect(read.filter(({ artists }) => artists.length !== 1)).toEqual([])
  })

  it('does not end a sweep of the catalogue at tracks of which nothing is known any more', async () => {
    await recordAll(Array.from({ length: 5 }, described))
    music.advanceSeconds(MONTH)
    await expire()
    const { trackId } = await recorded()

    const swept: string[] = []
    for (let last: string | null = null; ; ) {
      const page = await music.catalogue.after(last, 2)
      swept.push(...page.map((facts) => facts.trackId))
      last = page.at(-1)?.trackId ?? null
      if (last === null) break
    }

    expect(swept.at(-1)).toBe(trackId)
  })

  it('deletes link attempts that nobody finished, after their ten minutes', async () => {
    await expire()
    await music.begin(randomUUID())
    expect(await expire()).toMatchObject({ linkAttempts: 0 })
    music.advanceSeconds(601)

    expect(await expire()).toMatchObject({ linkAttempts: 1 })
  })

  it('stops when it is told to', async () => {
    await expect(music.expiry.expire(AbortSignal.abort(new Error('stop')))).rejects.toThrow('stop')
  })

  it('is done by a worker as soon as it starts', async () => {
    const { trackId } = await recorded()
    music.advanceSeconds(MONTH)
    const logger = createLogger({ logLevel: 'silent' }, { service: 'test' })
    const { databaseUrl } = music
    const options = { databaseUrl, logger, metrics: createMetrics(), jobs: musicJobs }
    const worker = await startJobWorker(options)
    try {
      await registerMusicJobs(worker, { expiry: music.expiry, logger })

      await expect.poll(() => titleOf(trackId), { timeout: 10_000 }).toBeUndefined()
    } finally {
      await worker.stop()
    }
  })
})
