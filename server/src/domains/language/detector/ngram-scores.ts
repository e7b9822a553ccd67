import { LANGUAGES } from './languages.ts'

/** What n-grams say of a text. */
export interface NgramScores {
  /** How many n-grams were looked at; 0 for a text without letters. */
  ngrams: number
  /** Mean score of an n-gram by position in `LANGUAGES`; a right language scores about 60-110. */
  meanScores: Float64Array
}

/** Beyond about 350 bytes eld stops reading. */
const MAX_CHARACTERS = 350

/** eld shows a score g as g / (g + 25): `orderAndScale` in its LanguageResult.js. */
const ELD_SCALE = 25
const unscaled = (shown: number) => (ELD_SCALE * shown) / (1 - shown)

/** eld cuts each word into pieces of 4 bytes with a stride of 3: `getByteNgrams`. */
function countNgrams(text: string): number {
  const words = text.match(/\p{L}+/gu) ?? []
  return words.reduce((sum, word) => {
    const bytes = Math.min(Buffer.byteLength(word), 70)
    return sum + 1 + Math.max(0, Math.ceil((bytes - 4) / 3))
  }, 0)
}

/**
 * Loads eld's large table (4.5 MB of source, about 140 MB in memory, a second to parse): only
 * where detection runs. No subset is set: eld drops unknown codes of a subset without a word.
 * The confidences that eld itself would show are off by 10 to 33 points; only the raw scores
 * underneath are used.
 */
export async function loadNgramScorer(): Promise<(text: string) => NgramScores> {
  const { eld } = await import('eld/large')
  const instance = eld.newInstance()
  return (text) => {
    const read = text.slice(0, MAX_CHARACTERS)
    const shown = instance.detect(read).getScores()
    const meanScores = Float64Array.from(LANGUAGES, ({ eld: code }) =>
      code === undefined ? 0 : unscaled(shown[code] ?? 0),
    )
    return { ngrams: countNgrams(read), meanScores }
  }
}
