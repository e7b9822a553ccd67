import type { Detection } from '#domains/language'
import type { ListedSong } from './labelled-songs.ts'

/** How good the answers to a group of songs are; all figures but `songs` from 0 to 1. */
export interface Figures {
  songs: number
  /** Share whose best guess, told or not, is among the song's languages. */
  accuracy: number
  /** Share that got an answer rather than `unknown`. */
  coverage: number
  /** Share of the answers that is right. */
  precision: number
  /** Expected calibration error: 10 bins of equal width over the best guess's confidence. */
  calibrationError: number
}

/** How a language fares among the answers that are sure enough to recommend by. */
export interface LanguageFigures {
  tag: string
  songs: number
  answers: number
  precision: number
  recall: number
}

export interface Judged {
  song: ListedSong
  detection: Detection
}

const BINS = 10
const share = (part: number, whole: number) => (whole === 0 ? 0 : part / whole)
const count = <T>(items: readonly T[], test: (item: T) => boolean) => items.filter(test).length

const best = ({ detection }: Judged) => detection.ranked[0]
const confidenceOf = (judged: Judged) => best(judged)?.confidence ?? 0
const isRight = (judged: Judged) => judged.song.languages.includes(best(judged)?.tag ?? '')

/** Guo et al. (2017), "On calibration of modern neural networks", equation 3. */
function calibrationError(judged: readonly Judged[]): number {
  const bins = Array.from({ length: BINS }, () => ({ confidence: 0, right: 0 }))
  for (const each of judged) {
    const bin = bins[Math.min(BINS - 1, Math.floor(confidenceOf(each) * BINS))]
    if (bin === undefined) continue
    bin.confidence += confidenceOf(each)
    bin.right += Number(isRight(each))
  }
  const gap = bins.reduce((sum, { confidence, right }) => sum + Math.abs(confidence - right), 0)
  return share(gap, judged.length)
}

export function figuresOf(judged: readonly Judged[]): Figures {
  const answered = judged.filter(({ detection }) => !detection.unknown)
  return {
    songs: judged.length,
    accuracy: share(count(judged, isRight), judged.length),
    coverage: share(answered.length, judged.length),
    precision: share(count(answered, isRight), answered.length),
    calibrationError: calibrationError(judged),
  }
}

/** Figures of each list, in the order of the lists' first songs. */
export function figuresBySource(judged: readonly Judged[]): [source: string, figures: Figures][] {
  const groups = Map.groupBy(judged, ({ song }) => song.source)
  return [...groups].map(([source, group]) => [source, figuresOf(group)])
}

/** The languages with the most songs, judged by the answers of at least `minConfidence`. */
export function figuresByLanguage(
  judged: readonly Judged[],
  minConfidence: number,
  languages: number,
): LanguageFigures[] {
  const sizes = Map.groupBy(judged, ({ song }) => song.languages[0] ?? '')
  const sure = judged.filter((each) => confidenceOf(each) >= minConfidence)
  return [...sizes]
    .toSorted(([, a], [, b]) => b.length - a.length)
    .slice(0, languages)
    .map(([tag, songs]) => {
      const answers = sure.filter((each) => best(each)?.tag === tag)
      const found = count(songs, (each) => confidenceOf(each) >= minConfidence && isRight(each))
      return {
        tag,
        songs: songs.length,
        answers: answers.length,
        precision: share(count(answers, isRight), answers.length),
        recall: share(found, songs.length),
      }
    })
}

/** The wrong answers of at least `minConfidence`, the surest first. */
export function wrongOf(judged: readonly Judged[], minConfidence: number): Judged[] {
  return judged
    .filter((each) => confidenceOf(each) >= minConfidence && !isRight(each))
    .toSorted((a, b) => confidenceOf(b) - confidenceOf(a))
}
