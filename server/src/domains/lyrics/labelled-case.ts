import { readFileSync } from 'node:fs'
import type { LyricsCandidate } from './lyrics.ports.ts'

/** A song asked for, the pages a provider gave, and which of them is right, labelled by hand. */
export interface LabelledCase {
  why: string
  artist: string
  title: string
  /** Each with its index as its id. */
  pages: LyricsCandidate[]
  /** Id of the right page, or undefined when every page is a wrong one. */
  right: string | undefined
}

const cells = (line: string) => line.slice(2).split(' | ')

/** A page as a provider would give it, from the line `artist | title | name=value …`. */
export function candidateOf(line: string, index: number): LyricsCandidate {
  const [artist = '', title = '', ...rest] = cells(line)
  const extras = new Map(rest.map((cell) => cell.split('=', 2) as [string, string]))
  return {
    providerId: String(index),
    title,
    primaryArtist: artist,
    artists: extras.get('artists')?.split('; ') ?? [artist],
    url: `https://lyrics.example/${index}`,
    language: extras.get('language') ?? null,
    thumbnailUrl: null,
    releaseYear: null,
    lyricsState: extras.get('state') === 'unreleased' ? 'unreleased' : 'complete',
    annotationCount: 0,
  }
}

function caseOf(block: string): LabelledCase {
  const [why = '', song = '', ...pages] = block.trim().split('\n')
  const [artist = '', title = ''] = cells(song)
  const right = pages.findIndex((line) => line.startsWith('* '))
  return {
    why: why.slice(2),
    artist,
    title,
    pages: pages.map((line, index) => candidateOf(line, index)),
    right: right === -1 ? undefined : String(right),
  }
}

/**
 * Reads a file of cases, parted by empty lines: `# why`, `? artist | title`, then the pages, the
 * right one with `*`, the others with `-`.
 */
export function labelledCases(name: 'tuned-on' | 'held-out'): LabelledCase[] {
  const text = readFileSync(new URL(`./labelled/${name}.txt`, import.meta.url), 'utf8')
  return text.trim().split(/\n\n+/).map(caseOf)
}
