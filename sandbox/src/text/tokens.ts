/** Letters written without spaces: these are split into pairs, not words. */
const UNSPACED = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/u
const WORD = /[\p{L}\p{M}\p{N}]+/gu
/** Latin, Greek and Cyrillic accents, and Arabic vowel marks; vowel signs of Indic scripts stay. */
const ACCENTS = /[\u0300-\u036f\u064b-\u0652]/g
const APOSTROPHES = /['’`´]/g

/** Lower case, without accents, in one Unicode form. */
export function fold(text: string): string {
  return text.normalize('NFKD').replace(ACCENTS, '').normalize('NFC').toLowerCase()
}

function pairs(run: string): string[] {
  const letters = Array.from(run)
  if (letters.length < 2) return letters
  return letters.slice(1).map((letter, i) => `${letters[i] ?? ''}${letter}`)
}

/** The words of a text, folded; text written without spaces gives overlapping pairs of letters. */
export function tokensOf(text: string): string[] {
  const words = fold(text).replace(APOSTROPHES, '').match(WORD) ?? []
  return words.flatMap((word) => (UNSPACED.test(word) ? pairs(word) : [word]))
}
