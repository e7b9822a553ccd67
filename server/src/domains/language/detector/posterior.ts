import { type Contribution, contributions } from './contributions.ts'
import { instrumentalProbability } from './instrumental-cues.ts'
import { UNLISTED } from './language-shares.ts'
import { LANGUAGES } from './languages.ts'
import type { Signals } from './signals.ts'
import { WEIGHTS, type Weights } from './weights.ts'

/**
 * The model's belief before calibration. An instrumental may come from anywhere and its title be
 * in any language: what speaks of a language says nothing about whether anyone sings, so that
 * the two questions are answered apart.
 */
export interface Posterior {
  /**
   * Of each language if the track is sung, by position in `LANGUAGES`; the last stands for "a
   * language not listed". Sums to 1.
   */
  sung: Float64Array
  /** Probability that nobody sings. */
  instrumental: number
  contributions: Contribution[]
  best: BestGuess
}

interface BestGuess {
  /** In `LANGUAGES`. */
  position: number
  /** If the track is sung. */
  probability: number
  /** Whether the guess is of a language that n-grams do not know in the title's letters. */
  romanised: boolean
}

function bestGuess(sung: Float64Array, { fields }: Signals): BestGuess {
  let position = 0
  for (let index = 0; index < UNLISTED; index++) {
    if ((sung[index] ?? 0) > (sung[position] ?? 0)) position = index
  }
  const romanised = fields.title.script === 'latin' && LANGUAGES[position]?.eldKnowsLatin === false
  return { position, probability: sung[position] ?? 0, romanised }
}

/** Adds up the signals' log-odds and normalises them (softmax). */
export function posterior(signals: Signals, weights: Weights = WEIGHTS): Posterior {
  const all = contributions(signals, weights)
  const sung = new Float64Array(UNLISTED + 1)
  let highest = Number.NEGATIVE_INFINITY
  for (let index = 0; index <= UNLISTED; index++) {
    let logit = 0
    for (const { nats } of all) logit += nats[index] ?? 0
    sung[index] = logit
    highest = Math.max(highest, logit)
  }
  let sum = 0
  for (let index = 0; index <= UNLISTED; index++) {
    const odds = Math.exp((sung[index] ?? 0) - highest)
    sung[index] = odds
    sum += odds
  }
  for (let index = 0; index <= UNLISTED; index++) sung[index] = (sung[index] ?? 0) / sum
  return {
    sung,
    instrumental: instrumentalProbability(signals.instrumental),
    contributions: all,
    best: bestGuess(sung, signals),
  }
}
