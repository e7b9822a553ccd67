import type { Artist, Catalogue, Track } from '../catalogue/catalogue.ts'
import { type TextIndex, textIndex } from '../text/text-index.ts'
import { fold } from '../text/tokens.ts'
import { parseSearchQuery, type SearchQuery } from './search-query.ts'

/** Share of a query's words that a result must hold. */
const LEAST_COVERAGE = 0.55
const LEAST_FIELD_COVERAGE = 0.65

type Scores = Map<number, number>

function scores(index: TextIndex, query: string, least: number): Scores {
  return new Map(
    index
      .search(query)
      .filter(({ coverage }) => coverage >= least)
      .map(({ document, coverage, focus }) => [document, coverage + 0.5 * focus]),
  )
}

function intersect(all: readonly Scores[]): Scores {
  const [first, ...others] = all
  const kept: Scores = new Map()
  for (const [document, score] of first ?? []) {
    if (others.every((other) => other.has(document))) {
      kept.set(
        document,
        others.reduce((sum, other) => sum + (other.get(document) ?? 0), score),
      )
    }
  }
  return kept
}

function ranked<T extends { readonly popularity: number }>(
  found: Scores,
  items: readonly T[],
): T[] {
  return [...found]
    .flatMap(([document, score]) => {
      const item = items[document]
      return item === undefined ? [] : [{ item, score: score + item.popularity / 400 }]
    })
    .sort((a, b) => b.score - a.score)
    .map(({ item }) => item)
}

function yearWithin(year: number, wanted: string): boolean {
  const [from, to = from] = wanted.split('-').map(Number)
  return from !== undefined && to !== undefined && year >= from && year <= to
}

export interface CatalogueSearch {
  tracks(query: string): Track[]
  artists(query: string): Artist[]
}

/** Search by free words and by the fields track, artist, album, isrc, year and genre. */
export function catalogueSearch(catalogue: Catalogue): CatalogueSearch {
  const { tracks, artists } = catalogue
  const albumTitle = ({ albumId }: Track) => catalogue.albumById.get(albumId)?.title ?? ''
  const indexes = {
    words: textIndex(tracks.map((t) => `${t.title} ${t.artistNames.join(' ')} ${albumTitle(t)}`)),
    track: textIndex(tracks.map(({ title }) => title)),
    artist: textIndex(tracks.map(({ artistNames }) => artistNames.join(' '))),
    album: textIndex(tracks.map(albumTitle)),
  }
  const artistNames = textIndex(artists.map(({ name }) => name))

  function matching(fields: SearchQuery['fields']): (track: Track) => boolean {
    const { isrc, year, genre } = fields
    return (track) =>
      (isrc === undefined || track.isrc === isrc.replaceAll('-', '').toUpperCase()) &&
      (year === undefined || yearWithin(track.year, year)) &&
      (genre === undefined || track.genres.some((name) => fold(name) === fold(genre)))
  }

  return {
    tracks(query) {
      const { words, fields } = parseSearchQuery(query)
      const parts: Scores[] = []
      if (words !== '') parts.push(scores(indexes.words, words, LEAST_COVERAGE))
      for (const field of ['track', 'artist', 'album'] as const) {
        const value = fields[field]
        if (value) parts.push(scores(indexes[field], value, LEAST_FIELD_COVERAGE))
      }
      const everything: Scores = new Map(tracks.map(({ index }) => [index, 0]))
      const bare = Object.keys(fields).length === 0
      const found = parts.length > 0 ? intersect(parts) : bare ? new Map() : everything
      return ranked(found, tracks).filter(matching(fields))
    },
    artists(query) {
      const { words, fields } = parseSearchQuery(query)
      const name = fields['artist'] ?? words
      if (name === '' || fields['isrc'] !== undefined) return []
      return ranked(scores(artistNames, name, LEAST_COVERAGE), artists)
    },
  }
}
