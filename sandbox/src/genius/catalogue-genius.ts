import type { Catalogue } from '../catalogue/catalogue.ts'
import { textIndex } from '../text/text-index.ts'
import { resultObject, songObject } from './genius-objects.ts'
import { geniusPages } from './genius-pages.ts'
import type { GeniusSource } from './genius-source.ts'

/** A hit holds at least this share of the query's words, weighed by how rare they are. */
const LEAST_COVERAGE = 0.45
/** What popularity adds: enough to lift a much-read translation above a little-read original. */
const POPULARITY_WEIGHT = 0.25

/** What it adds that a page is about nothing but the query: it only parts near equals. */
const FOCUS_WEIGHT = 0.03

/** Genius over the catalogue: songs among their translations, romanisations, covers and remixes. */
export function catalogueGenius(catalogue: Catalogue): GeniusSource {
  const pages = geniusPages(catalogue)
  const pageById = new Map(pages.map((page) => [String(page.id), page]))
  const index = textIndex(
    pages.map(({ title, artist, featured }) =>
      [title, artist.name, ...featured.map(({ name }) => name)].join(' '),
    ),
  )
  return {
    hits(query, { page, perPage }, origin) {
      return index
        .search(query)
        .filter(({ coverage }) => coverage >= LEAST_COVERAGE)
        .flatMap(({ document, coverage, focus }) => {
          const song = pages[document]
          if (song === undefined) return []
          const popularity = 1 + POPULARITY_WEIGHT * Math.log10(1 + song.pageviews)
          return [{ song, score: (coverage ** 2 + FOCUS_WEIGHT * focus) * popularity }]
        })
        .sort((a, b) => b.score - a.score)
        .slice((page - 1) * perPage, page * perPage)
        .map(({ song }) => ({
          highlights: [],
          index: 'song',
          type: 'song',
          result: resultObject(song, origin),
        }))
    },
    song(id, format, origin) {
      const song = pageById.get(id)
      return song && songObject(song, format, origin)
    },
  }
}
