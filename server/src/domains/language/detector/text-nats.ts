import { perLanguage, UNLISTED } from './language-shares.ts'
import { LANGUAGES, languageIndex } from './languages.ts'
import type { Script } from './script-ranges.ts'
import type { FieldSignals } from './signals.ts'
import type { Weights } from './weights.ts'

/** A language's songs in a script that is not its own are rare, not impossible. */
const STRAY_SCRIPT = 0.002
const UNLISTED_SCRIPT = 0.03

function scriptShare(script: Script, index: number): number {
  const language = LANGUAGES[index]
  if (language === undefined) return script === 'latin' ? 0.6 : UNLISTED_SCRIPT
  return Math.max(language.scripts[script] ?? 0, STRAY_SCRIPT)
}

/** Log-likelihood of a text's script in each language. */
export function scriptNats(field: FieldSignals, weight: number): Float64Array {
  const { script } = field
  return perLanguage((index) =>
    script === undefined ? 0 : weight * Math.log(scriptShare(script, index)),
  )
}

/** Mean n-gram score of a language, with what is assumed where eld has none. */
function meanScore(field: FieldSignals, index: number, weights: Weights): number {
  const language = LANGUAGES[index]
  if (language === undefined) return weights.unlisted
  const assumed = field.script === 'latin' && !language.eldKnowsLatin
  return assumed ? weights.romanised : (field.meanScores[index] ?? 0)
}

/**
 * Log-likelihood of a text in each language, as a mixture: a song in any language may carry an
 * English title, in some (Japanese, Korean) every other one does.
 */
export function textNats(field: FieldSignals, weight: number, weights: Weights): Float64Array {
  if (field.ngrams === 0) return new Float64Array(UNLISTED + 1)
  const strength = (weight * field.ngrams ** weights.growth) / 10
  const english = strength * meanScore(field, languageIndex('en'), weights)
  return perLanguage((index) => {
    const own = strength * meanScore(field, index, weights)
    const borrowed = LANGUAGES[index]?.englishTitles ?? 0
    if (field.script !== 'latin' || borrowed === 0) return own
    const [high, low] = own > english ? [own, english] : [english, own]
    const [highShare, lowShare] =
      own > english ? [1 - borrowed, borrowed] : [borrowed, 1 - borrowed]
    return high + Math.log(highShare + lowShare * Math.exp(low - high))
  })
}
