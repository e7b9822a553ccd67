import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { buildCatalogue } from './build-catalogue.ts'
import { CatalogueError } from './catalogue.ts'
import { loadCatalogue } from './load-catalogue.ts'
import { readCatalogueCsv } from './read-catalogue-csv.ts'

const HEADER = 'title,artists,album,year,country,genres,languages\n'
let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'catalogue-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

function faultsOf(files: Record<string, string>): readonly string[] {
  for (const [name, body] of Object.entries(files)) writeFileSync(join(folder, name), body)
  try {
    readCatalogueCsv(folder)
    return []
  } catch (error) {
    return error instanceof CatalogueError ? error.faults : [String(error)]
  }
}

describe('reading', () => {
  it('reports every fault of every file at once', () => {
    const faults = faultsOf({
      'a.csv': `${HEADER},Ana,Disco,20x1,ESP,,español\nSol,Ana,Disco,2001,ES,pop,es\n`,
      'b.csv': `${HEADER}Sol,Ana|Bo,Otro,2002,ES,pop,es\n`,
      'c.csv': 'title,artists\nx,y\n',
    })
    expect(faults.join('\n')).toContain('a.csv:2: the title is empty')
    expect(faults.join('\n')).toContain('year "20x1"')
    expect(faults.join('\n')).toContain('country "ESP"')
    expect(faults.join('\n')).toContain('no genre is named')
    expect(faults.join('\n')).toContain('"español" is not a language tag')
    expect(faults.join('\n')).toContain('b.csv: "Sol" by Ana is already in a.csv')
    expect(faults.join('\n')).toContain('c.csv: the header lacks album, year')
    expect(faults).toHaveLength(7)
  })

  it('refuses a folder without songs', () => {
    expect(faultsOf({})).toEqual([`${folder} holds no .csv file`])
  })

  it('reports a broken file by its name', () => {
    expect(faultsOf({ 'a.csv': `${HEADER}"Sol,Ana\n` })[0]).toMatch(/^a\.csv: /)
  })
})

describe('the catalogue that comes with the sandbox', () => {
  const { tracks, artistById, albumById } = loadCatalogue()

  it('gives every song a unique id and a unique, well-formed ISRC of its country and year', () => {
    expect(new Set(tracks.map(({ id }) => id)).size).toBe(tracks.length)
    expect(new Set(tracks.map(({ isrc }) => isrc)).size).toBe(tracks.length)
    for (const { id, isrc, country, year } of tracks) {
      expect(id).toMatch(/^[0-9A-Za-z]{22}$/)
      expect(isrc).toMatch(/^[A-Z]{2}[0-9A-Z]{3}\d{7}$/)
      expect(isrc.slice(0, 2) + isrc.slice(5, 7)).toBe(country + String(year).slice(2))
    }
  })

  it('links every song to its artists and its album', () => {
    for (const track of tracks) {
      expect(track.artistIds.map((id) => artistById.get(id)?.name)).toEqual(track.artistNames)
      expect(albumById.get(track.albumId)?.totalTracks).toBeGreaterThanOrEqual(track.trackNumber)
    }
  })
})

it('keeps ids and ISRCs when songs are added', () => {
  const row = (title: string) => ({
    title,
    artists: ['Ana'],
    album: 'Disco',
    year: 2001,
    country: 'ES',
    genres: ['pop'],
    languages: ['es'],
  })
  const before = buildCatalogue([row('Sol'), row('Mar')])
  const after = buildCatalogue([row('Luna'), row('Sol'), row('Mar')])
  const codes = ({ id, isrc }: { id: string; isrc: string }) => `${id} ${isrc}`
  expect(after.tracks.slice(1).map(codes)).toEqual(before.tracks.map(codes))
})
