import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'csv-parse/sync'
import { CatalogueError, type CatalogueRow } from './catalogue.ts'

const COLUMNS = ['title', 'artists', 'album', 'year', 'country', 'genres', 'languages'] as const
/** ISO 639-1 or 639-3, with an optional script or region subtag. */
const LANGUAGE_TAG = /^[a-z]{2,3}(-[A-Z][a-z]{3})?(-[A-Z]{2})?$/
const COUNTRY = /^[A-Z]{2}$/
/** The oldest recordings that can carry a song of the catalogue. */
const FIRST_YEAR = 1900
const LAST_YEAR = 2099

type Cells = Record<(typeof COLUMNS)[number], string>

function list(cell: string): string[] {
  return cell
    .split('|')
    .map((part) => part.trim())
    .filter((part) => part !== '')
}

function rowFaults(cells: Cells, row: CatalogueRow): string[] {
  const faults: string[] = []
  if (row.title === '') faults.push('the title is empty')
  if (row.artists.length === 0) faults.push('no artist is named')
  if (row.album === '') faults.push('the album is empty')
  if (!Number.isInteger(row.year) || row.year < FIRST_YEAR || row.year > LAST_YEAR) {
    faults.push(`year "${cells.year}" is not a year from ${FIRST_YEAR} to ${LAST_YEAR}`)
  }
  if (!COUNTRY.test(row.country)) {
    faults.push(`country "${cells.country}" is not an ISO 3166 alpha-2 code`)
  }
  if (row.genres.length === 0) faults.push('no genre is named')
  if (row.languages.length === 0) faults.push('no language is named')
  for (const language of row.languages) {
    if (!LANGUAGE_TAG.test(language)) faults.push(`"${language}" is not a language tag`)
  }
  return faults
}

function toRow(cells: Cells): CatalogueRow {
  return {
    title: cells.title.trim(),
    artists: list(cells.artists),
    album: cells.album.trim(),
    year: Number(cells.year),
    country: cells.country.trim(),
    genres: list(cells.genres),
    languages: list(cells.languages),
  }
}

function readFile(path: string, name: string, faults: string[]): CatalogueRow[] {
  let records: Array<{ record: Partial<Cells>; info: { lines: number } }>
  try {
    records = parse(readFileSync(path), {
      columns: true,
      info: true,
      skip_empty_lines: true,
      bom: true,
    })
  } catch (error) {
    faults.push(`${name}: ${error instanceof Error ? error.message : String(error)}`)
    return []
  }
  const rows: CatalogueRow[] = []
  for (const { record, info } of records) {
    const missing = COLUMNS.filter((column) => record[column] === undefined)
    if (missing.length > 0) {
      faults.push(`${name}: the header lacks ${missing.join(', ')}`)
      return rows
    }
    const cells: Cells = {
      title: '',
      artists: '',
      album: '',
      year: '',
      country: '',
      genres: '',
      languages: '',
      ...record,
    }
    const row = toRow(cells)
    faults.push(...rowFaults(cells, row).map((fault) => `${name}:${info.lines}: ${fault}`))
    rows.push(row)
  }
  return rows
}

/**
 * Reads every `*.csv` of a folder in name order.
 * @throws CatalogueError naming every faulty row, every repeated song and an empty folder.
 */
export function readCatalogueCsv(folder: string): CatalogueRow[] {
  const faults: string[] = []
  const names = readdirSync(folder)
    .filter((name) => name.endsWith('.csv'))
    .sort()
  const rows: CatalogueRow[] = []
  const firstFile = new Map<string, string>()
  for (const name of names) {
    for (const row of readFile(join(folder, name), name, faults)) {
      const key = `${row.artists[0] ?? ''}\0${row.title}`
      const earlier = firstFile.get(key)
      if (earlier !== undefined) {
        faults.push(`${name}: "${row.title}" by ${row.artists[0] ?? '?'} is already in ${earlier}`)
      }
      firstFile.set(key, name)
      rows.push(row)
    }
  }
  if (names.length === 0) faults.push(`${folder} holds no .csv file`)
  if (faults.length > 0) throw new CatalogueError(faults)
  return rows
}
