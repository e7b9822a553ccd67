import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parseSearch } from './genius-answer.ts'

const REPOSITORY_ROOT = resolve(import.meta.dirname, '../../../..')
const DATA = process.env['MUSIC_LANGUAGE_DATA'] ?? resolve(REPOSITORY_ROOT, '../shared/data')

const result = {
  id: 1,
  title: 'Hijo de la Luna',
  url: 'https://genius.com/Mecano-hijo-de-la-luna-lyrics',
  primary_artist: { name: 'Mecano' },
}
const answer = (...hits: unknown[]) => ({ meta: { status: 200 }, response: { hits } })
const song = (changes: object) => ({ type: 'song', result: { ...result, ...changes } })

/** The body of the first answer in a VCR cassette: one single-quoted, folded YAML text. */
function bodyInCassette(yaml: string): unknown {
  const [, quoted = ''] = /\n {6}string: '((?:[^']|'')+)'/.exec(yaml) ?? []
  return JSON.parse(quoted.replace(/\n\s*/g, ' ').replaceAll("''", "'"))
}

function recorded(name: string, skip: (note: string) => void): string {
  const path = resolve(DATA, 'api/genius', name)
  if (!existsSync(path)) skip(`there is no ${path}`)
  return readFileSync(path, 'utf8')
}

describe('a recorded answer', () => {
  it('of today is read with its artists, date and state', ({ skip }) => {
    const text = recorded('search_one_hit_recent.json', skip)
    expect(parseSearch(JSON.parse(text))).toEqual([
      {
        providerId: '4950084',
        title: 'CHOP $uEY',
        primaryArtist: 'Genetikk',
        artists: ['Genetikk'],
        url: 'https://genius.com/Genetikk-chop-suey-lyrics',
        language: null,
        thumbnailUrl: expect.stringMatching(/^https:\/\/images\.genius\.com\//),
        releaseYear: 2019,
        lyricsState: 'complete',
        annotationCount: 17,
      },
    ])
  })

  it('of 2015, with far fewer fields, is read as well', ({ skip }) => {
    const text = recorded('song-search-the-hills.yml', skip)
    const songs = parseSearch(bodyInCassette(text)) ?? []
    expect(songs.length).toBeGreaterThanOrEqual(10)
    expect(songs[0]).toMatchObject({
      title: 'The Hills',
      primaryArtist: 'The Weeknd',
      url: 'http://genius.com/The-weeknd-the-hills-lyrics',
      lyricsState: 'unknown',
    })
  })

  it('that is no search is told apart from an empty one', ({ skip }) => {
    const text = recorded('song-bahahaha.yml', skip)
    expect(parseSearch(bodyInCassette(text))).toBeUndefined()
  })
})

describe('parseSearch', () => {
  it('reads a song that has nothing but what is needed', () => {
    expect(parseSearch(answer({ result }))).toEqual([
      {
        providerId: '1',
        title: 'Hijo de la Luna',
        primaryArtist: 'Mecano',
        artists: ['Mecano'],
        url: 'https://genius.com/Mecano-hijo-de-la-luna-lyrics',
        language: null,
        thumbnailUrl: null,
        releaseYear: null,
        lyricsState: 'unknown',
        annotationCount: 0,
      },
    ])
  })

  it('names guests once, after the main artist', () => {
    const [read] =
      parseSearch(
        answer(
          song({
            primary_artist_names: 'Shakira & Rauw Alejandro',
            primary_artist: { name: 'Shakira' },
            primary_artists: [{ name: 'Shakira' }, { name: 'Rauw Alejandro' }],
            featured_artists: [{ name: 'Tainy' }],
          }),
        ),
      ) ?? []
    expect(read?.primaryArtist).toBe('Shakira & Rauw Alejandro')
    expect(read?.artists).toEqual(['Shakira', 'Rauw Alejandro', 'Tainy'])
  })

  it.each([
    ['no result', { type: 'song' }],
    ['null', null],
    ['an article', { ...song({}), type: 'article' }],
    ['an id that is text', song({ id: 'one' })],
    ['no title', song({ title: '' })],
    ['no artist', song({ primary_artist: null })],
    ['an address that is a script', song({ url: 'javascript:alert(1)' })],
    ['a title that no database stores', song({ title: 'a\0b' })],
    ['an artist with half a character', song({ primary_artist: { name: 'a\uD800' } })],
  ])('drops a hit with %s and keeps the others', (_, malformed) => {
    expect(parseSearch(answer(malformed, song({})))?.map(({ title }) => title)).toEqual([
      'Hijo de la Luna',
    ])
  })

  it('takes no language that is none', () => {
    const languages = ['es', 'pt-BR', 'romanization', '', 7].map(
      (language) => parseSearch(answer(song({ language })))?.[0]?.language,
    )
    expect(languages).toEqual(['es', 'pt-BR', null, null, null])
  })

  it.each([[undefined], [null], ['text'], [{}], [{ response: { hits: {} } }]])(
    'does not take %j for an answer',
    (body) => {
      expect(parseSearch(body)).toBeUndefined()
    },
  )
})
