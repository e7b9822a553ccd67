import type { LanguageShares } from './country-languages.ts'
import { LANGUAGES, languageIndex } from './languages.ts'

/** The position after all languages stands for a language that is not listed. */
export const UNLISTED = LANGUAGES.length
const UNLISTED_SHARE = 30
const TOTAL_SHARE = LANGUAGES.reduce((sum, { share }) => sum + share, UNLISTED_SHARE)

/** A value for each position in `LANGUAGES` and, last, for `UNLISTED`. */
export function perLanguage(value: (index: number) => number): Float64Array {
  // A plain loop: `Float64Array.from` with a function is many times slower, and this is hot.
  const values = new Float64Array(UNLISTED + 1)
  for (let index = 0; index <= UNLISTED; index++) values[index] = value(index)
  return values
}

/** `nats` for one language, 0 for all others. */
export function support(tag: string, nats: number): Float64Array {
  const values = new Float64Array(UNLISTED + 1)
  values[languageIndex(tag)] = nats
  return values
}

/** Share of a language in the world's catalogue, 0 to 1. */
export const worldShare = (index: number) =>
  (LANGUAGES[index]?.share ?? UNLISTED_SHARE) / TOTAL_SHARE

/**
 * Shares, 0 to 1, of all languages by a table. What the table leaves open, at least `leftToAny`,
 * is spread over all languages as in the world.
 */
export function sharesOf(table: LanguageShares, leftToAny: number): Float64Array {
  const listed = Object.values(table).reduce((sum, share) => sum + share, 0)
  const rest = Math.max(1 - listed, leftToAny)
  return perLanguage((index) => {
    const own = table[LANGUAGES[index]?.tag ?? ''] ?? 0
    return (own + rest * worldShare(index)) / (listed + rest)
  })
}
