import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { sharedData } from '#test'
import { artistOf, listOf, trackOf } from './spotify-mapping.ts'

const recordedFolder = sharedData('api/spotify/recorded')
const where = recordedFolder.missing ?? recordedFolder.path

const artist = { id: 'A1', name: 'Björk', genres: ['art pop', 7] }
const track = {
  id: 'T1',
  name: 'Jóga',
  artists: [artist],
  album: { name: 'Homogenic', release_date: '1997-09-22' },
  duration_ms: 305_000,
  external_ids: { isrc: 'GBAYK9700030' },
}

describe('trackOf', () => {
  it('takes what is used and nothing else', () => {
    expect(trackOf({ ...track, popularity: 1, available_markets: ['IS'] })).toEqual({
      providerId: 'T1',
      title: 'Jóga',
      artists: [{ providerId: 'A1', name: 'Björk' }],
      album: 'Homogenic',
      releaseYear: 1997,
      isrc: 'GBAYK9700030',
      durationMs: 305_000,
    })
  })

  it.each([
    ['no album', { album: undefined }, { album: null, releaseYear: null }],
    [
      'an unknown release date',
      { album: { name: 'X', release_date: '0000' } },
      { releaseYear: null },
    ],
    ['a year only', { album: { name: 'X', release_date: '1979' } }, { releaseYear: 1979 }],
    ['no external ids', { external_ids: undefined }, { isrc: null }],
    ['no ISRC', { external_ids: { ean: '1' } }, { isrc: null }],
    ['a duration of nought', { duration_ms: 0 }, { durationMs: null }],
    [
      'one bad artist',
      { artists: [null, artist] },
      { artists: [{ providerId: 'A1', name: 'Björk' }] },
    ],
  ])('does with %s', (_, change, outcome) => {
    expect(trackOf({ ...track, ...change })).toMatchObject(outcome)
  })

  it.each([
    ['null', null],
    ['a local file', { ...track, id: null }],
    ['a track without a name', { ...track, name: '' }],
    ['a track without artists', { ...track, artists: [] }],
    ['an id that is a path', { ...track, id: '../me' }],
    ['a list', []],
  ])('drops %s', (_, value) => {
    expect(trackOf(value)).toBeUndefined()
  })

  it('costs a list only its bad items', () => {
    expect(listOf([track, null, { id: 'x' }, track], trackOf)).toHaveLength(2)
  })
})

describe('artistOf', () => {
  it('does without the deprecated genres, and drops what is no genre', () => {
    expect(artistOf(artist)).toEqual({ providerId: 'A1', name: 'Björk', genres: ['art pop'] })
    expect(artistOf({ id: 'A1', name: 'Björk' })?.genres).toEqual([])
  })
})

describe.skipIf(recordedFolder.missing !== undefined)(`recorded answers (${where})`, () => {
  const recorded = (name: string): { items: unknown[]; tracks: { items: unknown[] } } =>
    JSON.parse(readFileSync(join(recordedFolder.path, `${name}.json`), 'utf8'))

  it('give every top track, each with its ISRC, year and length', () => {
    const { items } = recorded('top_tracks')
    const tracks = listOf(items, trackOf)

    expect(tracks).toHaveLength(items.length)
    expect(
      tracks.filter(({ isrc, releaseYear, durationMs }) => !isrc || !releaseYear || !durationMs),
    ).toEqual([])
    expect(tracks[0]).toMatchObject({
      title: 'My Sanctuary',
      isrc: 'ATN262528501',
      releaseYear: 2025,
    })
  })

  it('give every top artist and every track found', () => {
    const artists = recorded('top_artists').items
    const found = recorded('search').tracks.items

    expect(listOf(artists, artistOf)).toHaveLength(artists.length)
    expect(listOf(found, trackOf)).toHaveLength(found.length)
  })
})
