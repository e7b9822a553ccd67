import { describe, expect, it } from 'vitest'
import { loadCatalogue } from '../catalogue/load-catalogue.ts'
import { HISTORY_DAYS, REFERENCE_DATE_MS } from './history.ts'
import { listenBrainzLines } from './listenbrainz-dump.ts'
import { type Listener, populate } from './population.ts'

const DAY_MS = 86_400_000
const catalogue = loadCatalogue()
const population = populate(catalogue)
const { listeners } = population

function heard({ listening }: Listener, language: string): Set<number> {
  const indexes = listening.plays.map(({ trackIndex }) => trackIndex)
  return new Set(indexes.filter((index) => catalogue.tracks[index]?.languages[0] === language))
}

describe('the listeners', () => {
  it('are at least forty, with at least sixty thousand plays in 24 months', () => {
    expect(listeners.length).toBeGreaterThanOrEqual(40)
    const plays = listeners.flatMap(({ listening }) => listening.plays)
    expect(plays.length).toBeGreaterThanOrEqual(60_000)
    const times = plays.map(({ playedAtMs }) => playedAtMs).sort((a, b) => a - b)
    expect(times.at(-1)).toBeLessThan(REFERENCE_DATE_MS)
    expect(times[0]).toBeGreaterThan(REFERENCE_DATE_MS - (HISTORY_DAYS + 1) * DAY_MS)
  })

  it('have ids that differ', () => {
    expect(new Set(listeners.map(({ id }) => id)).size).toBe(listeners.length)
    expect(new Set(listeners.map(({ accountId }) => accountId)).size).toBe(listeners.length)
  })

  it('all hear some English', () => {
    for (const listener of listeners) expect(heard(listener, 'en').size).toBeGreaterThan(5)
  })

  it.each(['es', 'fr', 'ja'])(
    'are at least eight in %s, and leave most of its songs unheard',
    (language) => {
      const songs = catalogue.tracks.filter(({ languages: [main] }) => main === language).length
      const sizes = listeners.map((listener) => heard(listener, language).size).filter((n) => n > 0)
      expect(sizes.length).toBeGreaterThanOrEqual(8)
      for (const size of sizes) expect(size).toBeLessThan(songs / 2)
    },
  )

  it('share songs with their scene: the popular ones have many listeners, most have few', () => {
    const known = listeners.map((listener) => heard(listener, 'es'))
    const audience = catalogue.tracks
      .filter(({ languages: [main] }) => main === 'es')
      .map(({ index }) => known.filter((songs) => songs.has(index)).length)
      .sort((a, b) => b - a)
    expect(audience[0]).toBeGreaterThanOrEqual(8)
    expect(audience[Math.floor(audience.length / 2)]).toBeLessThanOrEqual(6)
  })
})

describe('the history', () => {
  it('is the same on every start', () => {
    const again = populate(catalogue)
    expect(again.listeners.map((l) => l.listening.plays)).toEqual(
      listeners.map((l) => l.listening.plays),
    )
  })

  it('is in order, one play at a time', () => {
    for (const { listening } of listeners) {
      const times = listening.plays.map(({ playedAtMs }) => playedAtMs)
      expect(times.every((time, i) => i === 0 || time > (times[i - 1] ?? 0))).toBe(true)
    }
  })

  it('moves by whole days to just before a given moment', () => {
    const until = new Date('2027-03-05T03:04:05Z')
    const moved = populate(catalogue, until)
    const newest = Math.max(
      ...moved.listeners.map((l) => l.listening.plays.at(-1)?.playedAtMs ?? 0),
    )
    expect(until.getTime() - newest).toBeGreaterThanOrEqual(0)
    expect(until.getTime() - newest).toBeLessThan(DAY_MS)
    const [before, after] = [listeners[0], moved.listeners[0]].map((l) => l?.listening.plays[0])
    expect(((after?.playedAtMs ?? 0) - (before?.playedAtMs ?? 0)) % DAY_MS).toBe(0)
  })

  it('is what the top tracks and saved tracks are counted from', () => {
    for (const { listening } of listeners) {
      const counts = new Map<number, number>()
      for (const { trackIndex, playedAtMs } of listening.plays) {
        if (playedAtMs <= REFERENCE_DATE_MS - 365 * DAY_MS) continue
        counts.set(trackIndex, (counts.get(trackIndex) ?? 0) + 1)
      }
      const top = listening.topTracks('long_term').map((index) => counts.get(index) ?? 0)
      expect(top).toHaveLength(counts.size)
      expect(top).toEqual([...top].sort((a, b) => b - a))
      const played = new Set(listening.plays.map(({ trackIndex }) => trackIndex))
      expect(listening.saved.every(({ trackIndex }) => played.has(trackIndex))).toBe(true)
    }
  })
})

it('writes dump lines with neither language nor genre', () => {
  const lines = [...listenBrainzLines(catalogue, population)]
  expect(lines).toHaveLength(listeners.reduce((sum, l) => sum + l.listening.plays.length, 0))
  const line = JSON.parse(lines[0] ?? '') as {
    track_metadata: { additional_info: Record<string, unknown> }
  }
  expect(Object.keys(line)).toEqual(['user_name', 'listened_at', 'track_metadata'])
  expect(Object.keys(line.track_metadata)).toEqual([
    'artist_name',
    'track_name',
    'release_name',
    'additional_info',
  ])
  expect(Object.keys(line.track_metadata.additional_info)).toEqual([
    'isrc',
    'spotify_id',
    'duration_ms',
    'artist_names',
  ])
})
