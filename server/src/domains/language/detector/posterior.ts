import { type Contribution, contributions } from './contributions.ts'
import { UNLISTED } from './language-shares.ts'
import { LANGUAGES } from './languages.ts'
import type { Signals } from './signals.ts'
import { WEIGHTS, type Weights } from './weights.ts'

/** The model's belief before calibration. */
export interface Posterior {
  /** By position in `LANGUAGES`; the last stands for "a language not listed". Sums to 1. */
  probabilities: Float64Array
  contributions: Contribution[]
  best: BestGuess
}

interface BestGuess {
  /** In `LANGUAGES`. */
  position: number
  probability: number
  /** Whether the guess is of a language that n-grams do not know in the title's letters. */
  romanised: boolean
}

function bestGuess(probabilities: Float64Array, { fields }: Signals): BestGuess {
  const listed = probabilities.subarray(0, UNLISTED)
  const probability = Math.max(...listed)
  const position = listed.indexOf(probability)
  const romanised = fields.title.script === 'latin' && LANGUAGES[position]?.eldKnowsLatin === false
  return { position, probability, romanised }
}

/** Adds up the signals' log-odds and normalises them (softmax). */
export function posterior(signals: Signals, weights: Weights = WEIGHTS): Posterior {
  const all = contributions(signals, weights)
  const logits = new Float64Array(UNLISTED + 1)
  for (const { nats } of all) {
    for (let index = 0; index <= UNLISTED; index++) {
      logits[index] = (logits[index] ?? 0) + (nats[index] ?? 0)
    }
  }
  const highest = Math.max(...logits)
  const odds = logits.map((logit) => Math.exp(logit - highest))
  const sum = odds.reduce((total, value) => total + value, 0)
  const probabilities = odds.map((value) => value / sum)
  return { probabilities, contributions: all, best: bestGuess(probabilities, signals) }
}
