import { v7 as uuidv7 } from 'uuid'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TrackFacts } from '#domains/music'
import { openDatabase } from '#platform/db'
import { createTestDatabase, type TestDatabase } from '#test'
import type { Detection, Detector, TrackMetadata } from './detector/types.ts'
import { languageService } from './language.service.ts'
import { type LanguageStore, languageStore } from './language.store.ts'
import type { LanguageTables } from './language.tables.ts'

const now = new Date('2026-11-24T12:00:00Z')
const never = new AbortController().signal
const ignore = () => undefined

let database: TestDatabase
let store: LanguageStore
let close: () => Promise<void>
beforeAll(async () => {
  database = await createTestDatabase()
  const opened = openDatabase<LanguageTables>({
    url: database.url,
    poolMax: 4,
    statementTimeoutMs: 10_000,
    applicationName: 'language test',
  })
  store = languageStore(opened.db)
  close = opened.close
})
afterAll(async () => {
  await close()
  await database.drop()
})

function facts(title: string): TrackFacts {
  const artists = [{ artistId: uuidv7(), name: 'Somebody' }]
  const rest = { album: null, releaseYear: null, isrc: null, durationMs: null, genres: [] }
  return { trackId: uuidv7(), title, artists, ...rest, links: {} }
}

function songs(count: number): TrackFacts[] {
  return Array.from({ length: count }, (_, at) => facts(`Canción ${at}`))
}

/** A detector that takes every title but "?" for Spanish, and remembers what it was asked. */
function spanishDetector(version: string, asked: string[] = []): () => Promise<Detector> {
  const spanish: Detection = {
    ranked: [
      { tag: 'es', confidence: 0.9 },
      { tag: 'pt', confidence: 0.05 },
    ],
    unknown: false,
    languages: [{ tag: 'es', confidence: 0.9 }],
    evidence: [{ source: 'title', value: 'it’s “ñ” \\ 🎵', weight: 2.5 }],
  }
  const unsure = { ...spanish, unknown: true, languages: [] }
  const detect = ({ title }: TrackMetadata) => {
    asked.push(title)
    return title === '?' ? unsure : spanish
  }
  return async () => ({ version, detect })
}

function serviceOver(catalogue: TrackFacts[], detector: () => Promise<Detector>) {
  return languageService({
    store,
    detector,
    clock: { now: () => now },
    tracks: {
      byIds: async (ids) => catalogue.filter(({ trackId }) => ids.includes(trackId)),
      after: async (trackId, limit) =>
        catalogue.filter((track) => trackId === null || track.trackId > trackId).slice(0, limit),
    },
  })
}

const idsOf = (tracks: readonly TrackFacts[]) => tracks.map(({ trackId }) => trackId)

describe('languageService', () => {
  it('answers pending, unknown and detected, for every track asked for', async () => {
    const [sure, unsure, unseen] = [facts('Canción'), facts('?'), facts('Later')]
    const language = serviceOver([sure, unsure, unseen], spanishDetector('three'))
    await language.detectTracks(idsOf([sure, unsure]), { signal: never })

    const languages = await language.languagesOf(idsOf([unseen, unsure, sure]))
    expect([...languages]).toStrictEqual([
      [unseen.trackId, { status: 'pending', tag: null, confidence: null, languages: [] }],
      [unsure.trackId, { status: 'unknown', tag: null, confidence: null, languages: [] }],
      [
        sure.trackId,
        {
          status: 'detected',
          tag: 'es',
          confidence: 0.9,
          languages: [{ tag: 'es', confidence: 0.9 }],
        },
      ],
    ])
    expect(await language.languagesOf([])).toStrictEqual(new Map())
  })

  it('tells one track’s language with the evidence, the version and the time', async () => {
    const track = facts('Canción')
    const language = serviceOver([track], spanishDetector('told'))
    await language.detectTracks([track.trackId], { signal: never })
    expect(await language.ofTrack(track.trackId)).toMatchObject({
      trackId: track.trackId,
      status: 'detected',
      tag: 'es',
      evidence: [{ source: 'title', value: 'it’s “ñ” \\ 🎵', weight: 2.5 }],
      detectorVersion: 'told',
      detectedAt: now.toISOString(),
    })
  })

  it('tells a track that nobody has looked at as pending, and refuses one that is not there', async () => {
    const track = facts('Canción')
    const language = serviceOver([track], spanishDetector('none'))
    expect(await language.ofTrack(track.trackId)).toMatchObject({
      status: 'pending',
      detectorVersion: null,
      detectedAt: null,
    })
    await expect(language.ofTrack(uuidv7())).rejects.toMatchObject({
      code: 'language.track_not_found',
    })
  })

  it('detects each track once a version', async () => {
    const tracks = songs(3)
    const asked: string[] = []
    const language = serviceOver(tracks, spanishDetector('once', asked))
    const ids = [...idsOf(tracks), ...idsOf(tracks), uuidv7()]
    expect(await language.detectTracks(ids, { signal: never })).toBe(3)
    expect(await language.detectTracks(ids, { signal: never })).toBe(0)
    expect(asked).toHaveLength(3)

    const newer = serviceOver(tracks, spanishDetector('twice'))
    expect(await newer.detectTracks(ids, { signal: never })).toBe(3)
  })

  it('stores the same when two workers detect the same tracks at once', async () => {
    const tracks = songs(250)
    const language = serviceOver(tracks, spanishDetector('race'))
    await Promise.all([
      language.detectTracks(idsOf(tracks), { signal: never }),
      language.detectTracks(idsOf(tracks.toReversed()), { signal: never }),
    ])
    const languages = await language.languagesOf(idsOf(tracks))
    expect([...languages.values()].filter(({ tag }) => tag === 'es')).toHaveLength(250)
  })

  it('goes on with a sweep where it was stopped', async () => {
    const tracks = songs(350)
    const asked: string[] = []
    const language = serviceOver(tracks, spanishDetector('sweep', asked))
    const stop = new AbortController()
    const stopped = language.sweep(stop.signal, ({ seen }) => {
      if (seen === 200) stop.abort()
    })
    await expect(stopped).rejects.toMatchObject({ name: 'AbortError' })
    expect(asked).toHaveLength(200)

    expect(await language.sweep(never, ignore)).toStrictEqual({ seen: 150, detected: 150 })
    expect(asked).toHaveLength(350)
  })

  it('sweeps anew after a sweep that reached the end, and then detects only what is new', async () => {
    const tracks = songs(120)
    const detector = spanishDetector('again')
    await serviceOver(tracks, detector).sweep(never, ignore)
    const grown = [facts('An earlier id'), ...tracks].toSorted((a, b) =>
      a.trackId < b.trackId ? -1 : 1,
    )
    expect(await serviceOver(grown, detector).sweep(never, ignore)).toStrictEqual({
      seen: 121,
      detected: 1,
    })
  })

  it('lists tracks in a language, the surest first', async () => {
    const tracks = songs(2)
    const language = serviceOver(tracks, spanishDetector('list'))
    await language.detectTracks(idsOf(tracks), { signal: never })
    const found = await language.tracksIn('es', 0.9, 1000)
    expect(found.map(({ trackId }) => trackId)).toEqual(expect.arrayContaining(idsOf(tracks)))
    expect(await language.tracksIn('es', 0.91, 1000)).toStrictEqual([])
    expect(await language.tracksIn('pt', 0, 1000)).toStrictEqual([])
    expect(await language.tracksIn('es', 0, 1)).toHaveLength(1)
  })
})
