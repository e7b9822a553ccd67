import type { Kysely } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openDatabase } from '#platform/db'
import { createTestDatabase, type TestDatabase } from '#test'
import type { ProviderTrack } from '../music.ports.ts'
import type { MusicTables } from '../music.tables.ts'
import { catalogueStore } from './catalogue.store.ts'
import { trackCatalogue } from './track-catalogue.ts'

let database: TestDatabase
let db: Kysely<MusicTables>
let close: () => Promise<void>
let sequence = 0

beforeAll(async () => {
  database = await createTestDatabase()
  const opened = openDatabase<MusicTables>({
    url: database.url,
    poolMax: 12,
    statementTimeoutMs: 10_000,
    applicationName: 'catalogue test',
  })
  db = opened.db
  close = opened.close
})
afterAll(async () => {
  await close()
  await database.drop()
})

const now = new Date('2026-11-24T12:00:00Z')

function catalogue(added: string[][] = [], at = now) {
  return trackCatalogue({
    store: catalogueStore(db),
    clock: { now: () => at },
    tracksAdded: async (trackIds) => void added.push([...trackIds]),
  })
}

function track(change: Partial<ProviderTrack> = {}): ProviderTrack {
  sequence += 1
  const n = String(sequence).padStart(5, '0')
  return {
    providerId: `track${n}`,
    title: `Title ${n}`,
    artists: [{ providerId: `artist${n}`, name: `Artist ${n}` }],
    album: `Album ${n}`,
    releaseYear: 2001,
    isrc: `ESA0126${n}`,
    durationMs: 180_000,
    ...change,
  }
}

const tracksNamed = (title: string) =>
  db.selectFrom('track_fact').select('track_id').distinct().where('title', '=', title).execute()

async function ownersOf(value: string): Promise<string[]> {
  const ids = db.selectFrom('external_id').select('entity_id')
  const rows = await ids.where('entity', '=', 'track').where('value', '=', value).execute()
  return rows.map((row) => row.entity_id)
}

describe('trackCatalogue', () => {
  it('gives back what a provider said, with our ids and a link', async () => {
    const said = track({ title: 'Bésame mucho' })

    const [facts] = await catalogue().record([said], 'spotify')

    expect(facts).toMatchObject({
      title: 'Bésame mucho',
      artists: [{ name: said.artists[0]?.name }],
      album: said.album,
      releaseYear: 2001,
      isrc: said.isrc,
      durationMs: 180_000,
      genres: [],
      links: { spotify: `https://open.spotify.com/track/${said.providerId}` },
    })
    expect(await ownersOf(said.providerId)).toEqual([facts?.trackId])
    expect(await ownersOf(said.isrc ?? '')).toEqual([facts?.trackId])
  })

  it('knows two releases by their one ISRC', async () => {
    const first = track()
    const again = track({ isrc: first.isrc })

    const facts = await catalogue().record([first, again], 'spotify')

    expect(new Set(facts.map(({ trackId }) => trackId)).size).toBe(1)
    const later = await catalogue().record([track({ isrc: first.isrc })], 'spotify')
    expect(later[0]?.trackId).toBe(facts[0]?.trackId)
  })

  it('knows a track by its provider id when it has no ISRC, and adds the ISRC later', async () => {
    const bare = track({ isrc: null })
    const [before] = await catalogue().record([bare], 'spotify')

    const [after] = await catalogue().record([{ ...bare, isrc: 'FRZ112600042' }], 'spotify')

    expect(before?.isrc).toBeNull()
    expect(after).toMatchObject({ trackId: before?.trackId, isrc: 'FRZ112600042' })
  })

  it('lets the ISRC decide when the provider id says otherwise', async () => {
    const [one, two] = [track(), track()]
    const [first] = await catalogue().record([one, two], 'spotify')

    const [mixed] = await catalogue().record([{ ...two, isrc: one.isrc }], 'spotify')

    expect(mixed?.trackId).toBe(first?.trackId)
  })

  it('keeps two artists of one name apart', async () => {
    const [a, b] = await catalogue().record(
      [
        track({ artists: [{ providerId: 'twin-a', name: 'Twin' }] }),
        track({ artists: [{ providerId: 'twin-b', name: 'Twin' }] }),
      ],
      'spotify',
    )

    expect(a?.artists[0]?.artistId).not.toBe(b?.artists[0]?.artistId)
  })

  it('tells of each new track once, and in the transaction that adds it', async () => {
    const added: string[][] = []
    const said = [track(), track()]

    const facts = await catalogue(added).record(said, 'spotify')
    await catalogue(added).record(said, 'spotify')

    expect(added).toEqual([facts.map(({ trackId }) => trackId)])
  })

  it('adds nothing when the receiver of the news fails', async () => {
    const said = track()
    const failing = trackCatalogue({
      store: catalogueStore(db),
      clock: { now: () => now },
      tracksAdded: () => Promise.reject(new Error('no queue')),
    })

    await expect(failing.record([said], 'spotify')).rejects.toThrow('no queue')
    expect(await tracksNamed(said.title)).toEqual([])
    expect(await ownersOf(said.providerId)).toEqual([])
  })

  it('does not duplicate under parallel calls in any order', async () => {
    const said = Array.from({ length: 40 }, () => track())
    const shuffled = (offset: number) =>
      said
        .map((_, index) => said[(index * 7 + offset) % said.length])
        .filter((t) => t !== undefined)
    const added: string[][] = []

    const answers = await Promise.all(
      Array.from({ length: 12 }, (_, round) => catalogue(added).record(shuffled(round), 'spotify')),
    )

    const ids = new Set(answers.flat().map(({ trackId }) => trackId))
    expect(ids.size).toBe(40)
    expect(added.flat().toSorted()).toEqual([...ids].toSorted())
    const artistIds = answers.flat().flatMap(({ artists }) => artists.map((a) => a.artistId))
    expect(new Set(artistIds).size).toBe(40)
  })

  it('adopts the faster rival when only one of two keys was free', async () => {
    const full = Array.from({ length: 20 }, () => track())
    const bare = full.map((one) => ({ ...one, isrc: null }))

    const answers = await Promise.all([
      catalogue().record(full, 'spotify'),
      catalogue().record(bare, 'spotify'),
      catalogue().record(full.toReversed(), 'spotify'),
    ])

    expect(new Set(answers.flat().map(({ trackId }) => trackId)).size).toBe(20)
  })

  it('keeps what each origin says apart, and dates what may not be kept', async () => {
    const said = track({ album: 'From the provider' })
    const artists = [{ ids: [], name: said.artists[0]?.name ?? '' }]
    const isrc = [{ namespace: 'isrc' as const, value: said.isrc ?? '' }]
    const entry = { ids: isrc, title: said.title, artists, releaseYear: null, durationMs: null }

    const [imported] = await catalogue().recordEntries(
      [{ ...entry, album: 'Dump' }],
      'listenbrainz',
    )
    const [recorded] = await catalogue().record([said], 'spotify')

    expect(recorded?.trackId).toBe(imported)
    expect(recorded).toMatchObject({ album: 'From the provider', releaseYear: 2001 })
    expect(recorded?.artists).toHaveLength(1)
    const facts = await db
      .selectFrom('track_fact')
      .select(['origin', 'album', 'expires_at'])
      .where('track_id', '=', imported ?? '')
      .orderBy('origin')
      .execute()
    expect(facts).toEqual([
      { origin: 'listenbrainz', album: 'Dump', expires_at: null },
      {
        origin: 'spotify',
        album: 'From the provider',
        expires_at: new Date('2026-12-24T12:00:00Z'),
      },
    ])
  })

  it('gives an artist that was known by name only its provider id', async () => {
    const name = 'Only A Name'
    const entry = { ids: [], title: 'Song', artists: [{ ids: [], name }], album: null }
    await catalogue().recordEntries([{ ...entry, releaseYear: null, durationMs: null }], 'demo')

    const [artist] = await catalogue().recordArtists(
      [{ providerId: 'only-a-name', name, genres: ['cumbia'] }],
      'spotify',
    )

    const found = await db
      .selectFrom('artist_fact')
      .select('artist_id')
      .where('name', '=', name)
      .distinct()
      .execute()
    expect(found).toEqual([{ artist_id: artist?.artistId }])
    expect(artist).toMatchObject({
      genres: ['cumbia'],
      links: { spotify: 'https://open.spotify.com/artist/only-a-name' },
    })
  })

  it('takes the changed line-up of a track, and the genres of its artists', async () => {
    const [a, b] = [
      { providerId: 'line-a', name: 'Line A' },
      { providerId: 'line-b', name: 'Line B' },
    ]
    const said = track({ artists: [a, b] })
    await catalogue().record([said], 'spotify')
    await catalogue().recordArtists([{ ...b, genres: ['chanson'] }], 'spotify')

    const [changed] = await catalogue().record([{ ...said, artists: [b] }], 'spotify')

    expect(changed?.artists.map(({ name }) => name)).toEqual(['Line B'])
    expect(changed?.genres).toEqual(['chanson'])
  })

  it('stores text that PostgreSQL would refuse, without what it refuses', async () => {
    const [facts] = await catalogue().record([track({ title: 'A\0B\uD800' })], 'spotify')

    expect(facts?.title).toBe('AB\uFFFD')
  })

  it('sweeps every track once, in the order of ids', async () => {
    await catalogue().record([track(), track(), track()], 'spotify')
    const swept: string[] = []
    for (let last: string | null = null; ; ) {
      const page = await catalogue().after(last, 2)
      swept.push(...page.map(({ trackId }) => trackId))
      last = page.at(-1)?.trackId ?? null
      if (last === null) break
    }

    const all = await db.selectFrom('track').select('id').orderBy('id').execute()
    expect(swept).toEqual(all.map(({ id }) => id))
  })

  it('shares the tracks of artists fairly', async () => {
    const [a, b] = [
      { providerId: 'fair-a', name: 'Fair A' },
      { providerId: 'fair-b', name: 'Fair B' },
    ]
    const by = (artist: typeof a) => Array.from({ length: 4 }, () => track({ artists: [artist] }))
    const facts = await catalogue().record([...by(a), ...by(b)], 'spotify')
    const artistIds = [facts[0], facts[4]].flatMap((one) => one?.artists[0]?.artistId ?? [])

    const few = await catalogue().artistsTracks(artistIds, 4)

    const names = few.map(({ artists }) => artists[0]?.name)
    expect(names.filter((name) => name === 'Fair A')).toHaveLength(2)
    expect(names.filter((name) => name === 'Fair B')).toHaveLength(2)
  })
})
