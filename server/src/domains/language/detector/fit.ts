import { CALIBRATIONS, type Calibration, type Calibrations, fitCalibration } from './calibration.ts'
import { INSTRUMENTAL } from './instrumental-cues.ts'
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
}

/** What the detector works with: a fit's result, written down. */
export const CONSTANTS_IN_USE: Fitted = { weights: WEIGHTS, calibrations: CALIBRATIONS }

interface Case {
  signals: Signals
  /** Positions of the right languages; that of "not listed" if the model lacks them all. */
  truths: number[]
  weight: number
}

/** Where the descent starts, whatever the weights in use are: round numbers of the right size. */
const START: Weights = {
  world: 0.6,
  country: 1,
  aggregator: 0.5,
  title: 0.3,
  album: 0.15,
  artist: 0.15,
  growth: 0.5,
  romanised: 35,
  unlisted: 45,
  script: 0.5,
  artistScript: 0.5,
  genre: 1,
  words: 2,
  names: 1,
  characters: 1,
}
const WEIGHT_NAMES = Object.keys(START) as (keyof Weights)[]
const STEPS: readonly number[] = [0.4, 0.4, 0.2, 0.2, 0.1]
/** Loss for a weight e times its start or an e-th: few songs must not move a weight far. */
const PULL = 0.002
/**
 * Share of wrong labels, 0 to 1, that the lists are taken to have (in one of them a hundred Hindi
 * songs are called Tamil): however sure a guess is, a label against it costs only so much.
 */
const MISLABELLED = 0.02
const WEIGHT_DIGITS = 3
const CALIBRATION_DIGITS = 3

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

/** Mean of -ln(probability of the label), weighted, and what the pull to the start adds. */
function lossOf(cases: readonly Case[], weights: Weights): number {
  let loss = 0
  let total = 0
  for (const { signals, truths, weight } of cases) {
    const { sung } = posterior(signals, weights)
    const told = (1 - MISLABELLED) * massOf(sung, truths) + MISLABELLED / LANGUAGES.length
    loss -= weight * Math.log(told)
    total += weight
  }
  const pulls = WEIGHT_NAMES.map((name) => Math.log(weights[name] / START[name]) ** 2)
  return loss / total + PULL * pulls.reduce((sum, pull) => sum + pull, 0)
}

/** The fastest of simple methods for few parameters: try each one up, else down, and step less. */
function descend(cases: readonly Case[], onRound: (loss: number) => void): Weights {
  let best = START
  let lowest = lossOf(cases, best)
  for (const step of STEPS) {
    for (const name of WEIGHT_NAMES) {
      for (const factor of [1 + step, 1 / (1 + step)]) {
        const value = Number((best[name] * factor).toPrecision(WEIGHT_DIGITS))
        const tried: Weights = { ...best, [name]: value }
        const loss = lossOf(cases, tried)
        if (loss >= lowest) continue
        best = tried
        lowest = loss
        break
      }
    }
    onRound(lowest)
  }
  return best
}

function calibrationFor(guesses: Parameters<typeof fitCalibration>[0]): Calibration {
  const { slope, intercept } = fitCalibration(guesses, MISLABELLED)
  return {
    slope: Number(slope.toFixed(CALIBRATION_DIGITS)),
    intercept: Number(intercept.toFixed(CALIBRATION_DIGITS)),
  }
}

/** Of every song alike: a confidence is to hold over the songs as they come. */
function calibrationsFor(cases: readonly Case[], weights: Weights): Calibrations {
  const guesses = cases.map(({ signals, truths }) => {
    const { best } = posterior(signals, weights)
    return { ...best, right: truths.includes(best.position) }
  })
  return {
    known: calibrationFor(guesses.filter(({ romanised }) => !romanised)),
    romanised: calibrationFor(guesses.filter(({ romanised }) => romanised)),
  }
}

/**
 * Fits the weights, then the calibrations, to labelled songs; always the same to the same songs.
 * Instrumentals are left out: they say nothing of what tells one language from another.
 * @param onRound told of the loss after every round of the descent.
 */
export async function fitDetector(
  songs: readonly LabelledSong[],
  onRound: (loss: number) => void,
): Promise<Fitted> {
  const read = await createSignalReader()
  const sung = songs.filter(({ languages }) => !languages.includes(INSTRUMENTAL))
  const weightOf = languageWeights(sung)
  const cases = sung.map((song) => ({
    signals: read(song),
    truths: truthPositions(song.languages),
    weight: weightOf(song),
  }))
  const weights = descend(cases, onRound)
  return { weights, calibrations: calibrationsFor(cases, weights) }
}
