import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { parse } from 'csv-parse/sync'
import type { LabelledSong } from '#domains/language'

/** A song whose language is known, and the list that it comes from. */
export interface ListedSong extends LabelledSong {
  source: string
}

/** Columns of a list; any may be missing but `title` and `languages`. */
type Row = Partial<
  Record<
    | 'source'
    | 'title'
    | 'artist'
    | 'artists'
    | 'album'
    | 'country'
    | 'genres'
    | 'isrc'
    | 'languages',
    string
  >
>

const several = (text: string | undefined) => (text ?? '').split('|').filter((part) => part !== '')

/** A list that has the label's or the artist's country but no ISRC gets one of that country. */
function isrcOf({ isrc = '', country = '' }: Row): string | null {
  if (isrc !== '') return isrc
  return country === '' ? null : `${country.slice(0, 2)}XXX0000001`
}

function songOf(row: Row): ListedSong {
  return {
    source: row.source ?? 'songs',
    title: row.title ?? '',
    artists: several(row.artists ?? row.artist),
    album: row.album === undefined || row.album === '' ? null : row.album,
    isrc: isrcOf(row),
    genres: several(row.genres),
    languages: several(row.languages),
  }
}

/**
 * Reads a CSV file, or all those of a folder, with the columns `title`, `artist` or `artists`,
 * `album`, `country`, `genres`, `isrc`, `languages` (several values separated by `|`) and
 * optionally `source`.
 */
export async function readLabelledSongs(path: string): Promise<ListedSong[]> {
  const files = (await stat(path)).isDirectory()
    ? (await readdir(path)).filter((name) => name.endsWith('.csv')).map((name) => join(path, name))
    : [path]
  const lists = await Promise.all(
    files.toSorted().map(async (file) => {
      const text = await readFile(file, 'utf8')
      return parse<Row>(text, { columns: true, bom: true, skip_empty_lines: true }).map(songOf)
    }),
  )
  return lists.flat()
}
