import { type Calibrations, fitCalibration } from './calibration.ts'
import { UNLISTED } from './language-shares.ts'
import { LANGUAGES } from './languages.ts'
import { posterior } from './posterior.ts'
import { createSignalReader, type Signals } from './signals.ts'
import type { TrackMetadata } from './types.ts'
import { WEIGHTS, type Weights } from './weights.ts'

/** A song whose language is known, for fitting. */
export interface LabelledSong extends TrackMetadata {
  /** BCP 47 tags; any of them is right. */
  languages: readonly string[]
}

interface Fitted {
  weights: Weights
  calibrations: Calibrations
  /** Mean of -ln(probability of the truth), weighted as the fit is. */
  logLoss: number
}

interface Case {
  signals: Signals
  /** Positions of the right languages; that of "not listed" if the model lacks them all. */
  truths: number[]
  weight: number
}

const FIRST_STEP = 0.3
const LAST_STEP = 0.03

function truthPositions(languages: readonly string[]): number[] {
  const known = languages
    .map((tag) => LANGUAGES.findIndex((language) => language.tag === tag))
    .filter((index) => index >= 0)
  return known.length > 0 ? known : [UNLISTED]
}

/**
 * Lists of songs are seldom mixed as the world's listening is. Each language counts by the square
 * root of its share, whatever the number of its songs: a compromise between the world's mix, which
 * is half English, and every language alike.
 */
function languageWeights(songs: readonly LabelledSong[]): (song: LabelledSong) => number {
  const first = ({ languages }: LabelledSong) => languages[0] ?? ''
  const counts = new Map<string, number>()
  for (const song of songs) counts.set(first(song), (counts.get(first(song)) ?? 0) + 1)
  return (song) => {
    const share = LANGUAGES.find(({ tag }) => tag === first(song))?.share ?? 1
    return Math.sqrt(share) / (counts.get(first(song)) ?? 1)
  }
}

const massOf = (probabilities: Float64Array, positions: readonly number[]) =>
  positions.reduce((sum, position) => sum + (probabilities[position] ?? 0), 0)

function logLossOf(cases: readonly Case[], weights: Weights): number {
  let loss = 0
  for (const { signals, truths, weight } of cases) {
    const { sung } = posterior(signals, weights)
    loss -= weight * Math.log(Math.max(massOf(sung, truths), 1e-9))
  }
  return loss / cases.reduce((sum, { weight }) => sum + weight, 0)
}

/** The fastest of simple methods for few parameters: try each one up and down, halve the step. */
function descend(cases: readonly Case[], onRound: (logLoss: number) => void): Fitted['weights'] {
  let best: Weights = { ...WEIGHTS }
  let lowest = logLossOf(cases, best)
  for (let step = FIRST_STEP; step >= LAST_STEP; step /= 2) {
    for (const name of Object.keys(best) as (keyof Weights)[]) {
      for (const factor of [1 + step, 1 / (1 + step)]) {
        const tried: Weights = { ...best, [name]: best[name] * factor }
        const loss = logLossOf(cases, tried)
        if (loss < lowest) [best, lowest] = [tried, loss]
      }
    }
    onRound(lowest)
  }
  return best
}

/** Of every song alike: a confidence is to hold over the songs as they come. */
function calibrationsFor(cases: readonly Case[], weights: Weights): Calibrations {
  const guesses = cases.map(({ signals, truths }) => {
    const { best } = posterior(signals, weights)
    return { ...best, right: truths.includes(best.position) }
  })
  return {
    known: fitCalibration(guesses.filter(({ romanised }) => !romanised)),
    romanised: fitCalibration(guesses.filter(({ romanised }) => romanised)),
  }
}

/**
 * Fits the weights, then the calibrations, to labelled songs.
 * @param onRound told of the log-loss after every round of the descent.
 */
export async function fitDetector(
  songs: readonly LabelledSong[],
  onRound: (logLoss: number) => void,
): Promise<Fitted> {
  const read = await createSignalReader()
  const weightOf = languageWeights(songs)
  const cases = songs.map((song) => ({
    signals: read(song),
    truths: truthPositions(song.languages),
    weight: weightOf(song),
  }))
  const weights = descend(cases, onRound)
  return {
    weights,
    calibrations: calibrationsFor(cases, weights),
    logLoss: logLossOf(cases, weights),
  }
}
