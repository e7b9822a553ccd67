import { performance } from 'node:perf_hooks'
import type { Kysely } from 'kysely'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { openDatabase } from '#platform/db'
import { createTestDatabase } from '#test'
import { catalogueStore } from '../catalogue/catalogue.store.ts'
import { trackCatalogue } from '../catalogue/track-catalogue.ts'
import type { MusicTables } from '../music.tables.ts'
import type { Interaction } from './history.store.ts'
import { historyStore } from './history.store.ts'
import { listeningHistory } from './listening-history.ts'
import { TRAINING_ORIGINS } from './training-interactions.ts'

const database = await createTestDatabase()
const opened = openDatabase<MusicTables>({
  url: database.url,
  poolMax: 4,
  statementTimeoutMs: 10_000,
  applicationName: 'history test',
})
const db: Kysely<MusicTables> = opened.db
afterAll(async () => {
  await opened.close()
  await database.drop()
})

const clock = { now: () => new Date('2026-11-24T12:00:00Z') }
const catalogue = trackCatalogue({
  store: catalogueStore(db),
  tracksAdded: async () => undefined,
  clock,
})
const history = listeningHistory({ store: historyStore(db), catalogue, clock })

beforeEach(async () => {
  for (const table of ['listen', 'listener', 'external_id', 'track', 'artist'] as const) {
    if (table === 'artist') await db.deleteFrom('track_artist').execute()
    await db.deleteFrom(table).execute()
  }
})

interface LineParts {
  user?: string
  at?: number
  title?: string
  artist?: string
  info?: object
}

function lineOf({ user = 'ana', at = 0, title = 'Song', artist = 'Artist', info = {} }: LineParts) {
  return JSON.stringify({
    user_name: user,
    listened_at: 1_700_000_000 + at,
    track_metadata: { artist_name: artist, track_name: title, additional_info: info },
  })
}

async function* linesOf(lines: Iterable<string>) {
  yield* lines
}

const importLines = (lines: Iterable<string>) =>
  history.importListenBrainz(linesOf(lines), { origin: 'demo' })

async function trainingSet(): Promise<Interaction[]> {
  const found: Interaction[] = []
  for await (const interaction of history.trainingInteractions()) found.push(interaction)
  return found
}

const trackCount = async () => (await db.selectFrom('track').select('id').execute()).length

describe('importListenBrainz', () => {
  it('adds plays once, however often it is run', async () => {
    const lines = Array.from({ length: 30 }, (_, at) => lineOf({ at, title: `Song ${at % 5}` }))

    const first = await importLines([...lines, lines[0] ?? ''])
    const second = await importLines(lines)

    expect(first).toMatchObject({ lines: 31, added: 30, known: 1, bad: 0 })
    expect(second).toMatchObject({ lines: 30, added: 0, known: 30, bad: 0 })
    expect(await trackCount()).toBe(5)
  })

  it('passes over bad lines, and says where the first 20 are', async () => {
    const lines = [
      '',
      lineOf({}),
      ...Array.from({ length: 25 }, () => 'nonsense'),
      lineOf({ at: 1 }),
    ]

    const report = await importLines(lines)

    expect(report).toMatchObject({ lines: 28, added: 2, bad: 25 })
    expect(report.badLines).toHaveLength(20)
    expect(report.badLines[0]).toEqual({ line: 3, problem: expect.stringContaining('JSON') })
  })

  it('knows a track by either id, in one run or in several', async () => {
    const isrc = { isrc: 'ESA012600001' }
    const spotify = { spotify_id: 'spotify:track:4uLU6hMCjMI75M1A2tKUQC' }
    await importLines([
      lineOf({ at: 0, title: 'One', info: isrc }),
      lineOf({ at: 1, title: 'One (2011)', info: { ...isrc, ...spotify } }),
      lineOf({ at: 2, title: 'Uno', info: spotify }),
    ])
    await importLines([
      lineOf({ at: 3, title: 'Eins', info: spotify }),
      lineOf({ at: 4, title: 'Un', info: isrc }),
    ])

    expect(await trackCount()).toBe(1)
    expect(await trainingSet()).toMatchObject([{ plays: 5 }])
  })

  it('knows a track without ids by its names, whatever their case', async () => {
    await importLines([
      lineOf({ at: 0, title: 'Bésame', artist: 'Ana' }),
      lineOf({ at: 1, title: 'BÉSAME', artist: 'ANA' }),
      lineOf({ at: 2, title: 'Bésame', artist: 'Eva' }),
    ])

    expect(await trackCount()).toBe(2)
  })

  it('stores names that PostgreSQL would refuse', async () => {
    const report = await importLines([lineOf({ user: 'a\0b', title: 'x\uD800' })])

    expect(report).toMatchObject({ added: 1, bad: 0 })
  })

  it('is told how far it is', async () => {
    const seen: number[] = []
    const lines = Array.from({ length: 4_500 }, (_, at) => lineOf({ at }))

    await history.importListenBrainz(linesOf(lines), {
      origin: 'demo',
      onProgress: ({ lines: done }) => seen.push(done),
    })

    expect(seen).toEqual([2_000, 4_000, 4_500])
  })

  it('takes 60,000 plays in seconds', async () => {
    function* plays() {
      for (let n = 0; n < 60_000; n += 1) {
        const song = (n * n) % 1_511
        const info = { isrc: `ESA01${String(song).padStart(7, '0')}` }
        yield lineOf({ user: `listener ${n % 50}`, at: n, title: `Song ${song}`, info })
      }
    }
    const startedAtMs = performance.now()

    const report = await importLines(plays())

    expect(report).toMatchObject({ added: 60_000, known: 0, bad: 0 })
    // Some 4 s when the machine is free; the bound catches work by the row, which takes minutes.
    expect(performance.now() - startedAtMs).toBeLessThan(25_000)
  })
})

describe('trainingInteractions', () => {
  it('counts plays by listener and track', async () => {
    await importLines([
      lineOf({ user: 'ana', at: 0, title: 'A' }),
      lineOf({ user: 'ana', at: 1, title: 'A' }),
      lineOf({ user: 'ana', at: 2, title: 'B' }),
      lineOf({ user: 'eva', at: 0, title: 'A' }),
    ])

    const plays = (await trainingSet()).map((interaction) => interaction.plays)

    expect(plays.toSorted((a, b) => a - b)).toEqual([1, 1, 2])
  })

  it('goes through any number of listeners', async () => {
    await importLines(
      Array.from({ length: 450 }, (_, at) => lineOf({ user: `listener ${at}`, at })),
    )

    const listeners = (await trainingSet()).map(({ listenerId }) => listenerId)

    expect(new Set(listeners).size).toBe(450)
  })

  it('gives what came from each origin that has a licence', async () => {
    const licences = new Map(TRAINING_ORIGINS.map(({ origin, licence }) => [origin, licence]))
    for (const [index, origin] of (['demo', 'listenbrainz'] as const).entries()) {
      const lines = linesOf([lineOf({ user: origin, at: index, title: origin })])
      await history.importListenBrainz(lines, { origin })
    }

    expect(await trainingSet()).toHaveLength(2)
    expect(licences).toEqual(
      new Map([
        ['listenbrainz', 'CC0-1.0'],
        ['demo', 'Apache-2.0'],
      ]),
    )
  })

  it('never gives what came from Spotify, nor from any origin that nobody has permitted', async () => {
    await importLines([lineOf({ at: 0 })])
    const permitted = await trainingSet()
    const [known] = permitted
    if (known === undefined) throw new Error('no play was imported')
    for (const [index, origin] of ['spotify', 'unheard-of'].entries()) {
      const listened_at = new Date(1_600_000_000_000 + index)
      await db
        .insertInto('listen')
        .values({ listener_id: known.listenerId, track_id: known.trackId, listened_at, origin })
        .execute()
    }

    expect(await trainingSet()).toEqual(permitted)
  })
})
