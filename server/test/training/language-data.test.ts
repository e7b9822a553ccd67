import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parse } from 'csv-parse/sync'
import { describe, expect, it } from 'vitest'

const FOLDER = resolve(import.meta.dirname, '../../training/language')
const LANGUAGE = /^[a-z]{2,3}$/

const filesOf = (folder: string) =>
  readdirSync(join(FOLDER, folder)).map((name) => ({
    name,
    text: readFileSync(join(FOLDER, folder, name), 'utf8'),
  }))

interface Song {
  title: string
  artists: string
  languages: string
}

describe('the songs to learn languages from', () => {
  const files = filesOf('songs').map(({ name, text }) => ({
    name,
    songs: parse<Song>(text, { columns: true }),
  }))

  it.each(files)('in $name have a title, performers and languages, once each', ({ songs }) => {
    const faults = songs.filter(({ title, artists, languages }) => {
      const isNamed = [title, ...artists.split('|')].every((text) => text.trim() !== '')
      return !isNamed || !languages.split('|').every((tag) => LANGUAGE.test(tag))
    })
    expect(faults).toEqual([])
    const keys = songs.map(({ title, artists }) => `${title} ${artists}`)
    expect(new Set(keys).size).toBe(keys.length)
  })

  it('are of more than 40 languages, each known by 20 songs at least', () => {
    const counts = new Map<string, number>()
    for (const { languages } of files.flatMap(({ songs }) => songs)) {
      for (const tag of languages.split('|')) counts.set(tag, (counts.get(tag) ?? 0) + 1)
    }
    expect([...counts.values()].filter((count) => count >= 20).length).toBeGreaterThan(40)
  })
})

describe('the phrases to learn languages from', () => {
  it.each(filesOf('phrases'))('in $name are lines of text, once each', ({ name, text }) => {
    const lines = text.trimEnd().split('\n')
    expect(lines.filter((line) => line.trim() !== line || !/\p{L}/u.test(line))).toEqual([])
    expect(new Set(lines).size).toBe(lines.length)
    expect(name).toMatch(/^[a-z]{2,3}\.txt$/)
  })
})
