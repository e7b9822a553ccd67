import { type ArtistMatcher, artistMatcher } from './artist-match.ts'
import type { LyricsCandidate } from './lyrics.ports.ts'
import { comparable } from './normalise.ts'
import { type JudgedPage, judgedPage } from './page-kind.ts'
import { textSimilarity, trigramDice } from './similarity.ts'
import type { TitleMark } from './title-marks.ts'
import { type TitleParts, titleParts } from './title-parts.ts'

export interface SongNames {
  artist: string
  title: string
}

export interface ScoredCandidate {
  candidate: LyricsCandidate
  /** 0 to 1; the other scores put together. */
  score: number
  titleScore: number
  artistScore: number
  /** Whether the words are in the song's own script or transliterated by the page. */
  page: 'original' | 'romanisation'
}

/**
 * The title says more than the artist: artists are named in many ways, and the same title by the
 * same artist is the same song. The figures were set on `labelled/tuned-on.txt`.
 */
const TITLE_WEIGHT = 0.6
const ARTIST_WEIGHT = 0.4
/**
 * Below one of these it is another song, however well the other one fits. In the labelled cases
 * the right titles score 0.89 and more, another song of the same artist ("Love Me", "Love Me Do")
 * up to 0.86; artists are named in more ways ("Jimi Hendrix", "The Jimi Hendrix Experience": 0.77).
 */
const MIN_TITLE_SCORE = 0.87
const MIN_ARTIST_SCORE = 0.7
/** Below this a page is no answer. */
export const MIN_SCORE = 0.75

/**
 * What is left of the score when only one side carries a mark. Values under `MIN_SCORE` make the
 * page a miss (other words), those above only let the plain page win.
 */
const MARK_FACTORS: Readonly<Record<string, { asked: number; unasked: number }>> = {
  cover: { asked: 0.9, unasked: 0.8 },
  document: { asked: 0.5, unasked: 0.4 },
  instrumental: { asked: 0.85, unasked: 0.7 },
  language: { asked: 0.6, unasked: 0.6 },
  long: { asked: 0.9, unasked: 0.9 },
  part: { asked: 0.7, unasked: 0.7 },
  remix: { asked: 0.85, unasked: 0.8 },
  reprise: { asked: 0.8, unasked: 0.8 },
  romanisation: { asked: 0.95, unasked: 0.85 },
  translation: { asked: 0.6, unasked: 0.6 },
}
const UNRELEASED_FACTOR = 0.9

const kindOf = (mark: TitleMark) => mark.split(':')[0] ?? mark

function marksFactor(
  asked: ReadonlySet<TitleMark>,
  offered: ReadonlySet<TitleMark>,
  language: string | null,
): number {
  let factor = 1
  for (const mark of asked) {
    // A page in the language asked for is that version, whether its title says so or not.
    if (offered.has(mark) || mark === `language:${language}`) continue
    factor *= MARK_FACTORS[kindOf(mark)]?.asked ?? 1
  }
  for (const mark of offered) {
    if (!asked.has(mark)) factor *= MARK_FACTORS[kindOf(mark)]?.unasked ?? 1
  }
  return factor
}

function titleScoreOf(asked: TitleParts, offered: TitleParts): number {
  let best = 0
  for (const one of asked.readings) {
    for (const other of offered.readings) {
      const trust = Math.min(one.trust, other.trust)
      best = Math.max(best, trust * textSimilarity(one.text, other.text))
    }
  }
  return best
}

/** Video sites put the artist in front: "Adele - Hello" by Adele is "Hello". */
function withoutArtist({ artist, title }: SongNames): string {
  const [, first = '', rest = ''] = /^(.+?)\s+[-–—]\s+(.+)$/u.exec(title) ?? []
  const repeated = first !== '' && comparable(first).native === comparable(artist).native
  return repeated ? rest : title
}

/**
 * The title as it is best searched for: without guests, recordings and the artist's name, but in
 * its own spelling, since a provider's search may not know that æ is ae.
 */
export function searchableTitle(song: SongNames): string {
  return titleParts(withoutArtist(song)).title
}

/** Scores every candidate against a song, best first; equals stay in the provider's order. */
export function rankCandidates(
  song: SongNames,
  candidates: readonly LyricsCandidate[],
): ScoredCandidate[] {
  const asked = titleParts(withoutArtist(song))
  const artist = artistMatcher(song.artist)
  return candidates
    .map((candidate) => {
      const page = judgedPage(candidate)
      const notesScore = trigramDice(asked.notes, page.parts.notes)
      return { notesScore, scored: scoredCandidate(candidate, page, asked, artist) }
    })
    .toSorted((a, b) => b.scored.score - a.scored.score || b.notesScore - a.notesScore)
    .map(({ scored }) => scored)
}

function scoredCandidate(
  candidate: LyricsCandidate,
  { parts, primaryArtist, artists }: JudgedPage,
  asked: TitleParts,
  artist: ArtistMatcher,
): ScoredCandidate {
  const titleScore = titleScoreOf(asked, parts)
  const artistScore = artist.match(primaryArtist, artists)
  const isSong = titleScore >= MIN_TITLE_SCORE && artistScore >= MIN_ARTIST_SCORE
  const factor =
    marksFactor(asked.marks, parts.marks, candidate.language) *
    (candidate.lyricsState === 'unreleased' ? UNRELEASED_FACTOR : 1)
  return {
    candidate,
    score: isSong ? factor * (TITLE_WEIGHT * titleScore + ARTIST_WEIGHT * artistScore) : 0,
    titleScore,
    artistScore,
    page: parts.marks.has('romanisation') ? 'romanisation' : 'original',
  }
}

/** The page that most likely holds a song's words, or undefined when none is good enough. */
export function bestHit(
  song: SongNames,
  candidates: readonly LyricsCandidate[],
): ScoredCandidate | undefined {
  const [best] = rankCandidates(song, candidates)
  return best !== undefined && best.score >= MIN_SCORE ? best : undefined
}
