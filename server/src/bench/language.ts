import { createDetector, RECOMMENDABLE_CONFIDENCE } from '#domains/language'
import { type ListedSong, readLabelledSongs } from './labelled-songs.ts'
import {
  type Figures,
  figuresByLanguage,
  figuresBySource,
  figuresOf,
  type Judged,
  type LanguageFigures,
  wrongOf,
} from './language-report.ts'

/** How well the language detector does on labelled songs. */
export interface Report {
  detectorVersion: string
  overall: Figures
  /** Of the songs that took no part in fitting the constants, if they were fitted to this list. */
  heldOut: Figures
  bySource: [source: string, figures: Figures][]
  /** Confidence from which `byLanguage` counts an answer. */
  recommendableConfidence: number
  byLanguage: LanguageFigures[]
  /** The wrong ones of these answers, the surest first. */
  wrong: Judged[]
  loadMs: number
  /** Growth of the process by the loaded detector, in MiB. */
  memoryMb: number
  songsPerSecond: number
}

export interface EvaluationOptions {
  /** Signals to do without, to see what they are worth. */
  without?: readonly ('artists' | 'album' | 'isrc' | 'genres')[]
}

const LANGUAGES_SHOWN = 12
const BYTES_PER_MB = 1_048_576

/** FNV-1a, 32 bits: http://www.isthe.com/chongo/tech/comp/fnv/ */
function hashOf(text: string): number {
  let hash = 0x811c9dc5
  for (const byte of Buffer.from(text)) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0
  return hash
}

/**
 * Half of the artists' songs serve to judge, the others to fit: those whose first artist, as the
 * list writes it, has an odd FNV-1a hash are held out. By artist, since an artist's songs
 * are alike: with songs of the same artist on both sides the figures would flatter.
 */
export function isHeldOut({ artists }: Pick<ListedSong, 'artists'>): boolean {
  return hashOf(artists[0] ?? '') % 2 === 1
}

function withheld(song: ListedSong, { without = [] }: EvaluationOptions): ListedSong {
  return {
    ...song,
    ...(without.includes('artists') && { artists: [] }),
    ...(without.includes('album') && { album: null }),
    ...(without.includes('isrc') && { isrc: null }),
    ...(without.includes('genres') && { genres: [] }),
  }
}

/**
 * Judges the detector on a CSV file, or a folder of them, of songs with known languages.
 * @throws when the path cannot be read.
 */
export async function evaluateLanguage(
  path: string,
  options: EvaluationOptions = {},
): Promise<Report> {
  const songs = await readLabelledSongs(path)
  const before = { rss: process.memoryUsage().rss, ms: performance.now() }
  const detector = await createDetector()
  const memoryMb = (process.memoryUsage().rss - before.rss) / BYTES_PER_MB
  const startMs = performance.now()
  const judged = songs.map((song) => ({
    song,
    detection: detector.detect(withheld(song, options)),
  }))
  const seconds = (performance.now() - startMs) / 1000
  return {
    detectorVersion: detector.version,
    overall: figuresOf(judged),
    heldOut: figuresOf(judged.filter(({ song }) => isHeldOut(song))),
    bySource: figuresBySource(judged),
    recommendableConfidence: RECOMMENDABLE_CONFIDENCE,
    byLanguage: figuresByLanguage(judged, RECOMMENDABLE_CONFIDENCE, LANGUAGES_SHOWN),
    wrong: wrongOf(judged, RECOMMENDABLE_CONFIDENCE),
    loadMs: startMs - before.ms,
    memoryMb,
    songsPerSecond: songs.length / seconds,
  }
}
