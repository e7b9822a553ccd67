import { romanise, schemeless } from './romanise/romanise.ts'

/** A text in the forms in which it is compared. */
export interface ComparableText {
  /** Folded: lower case, no accents, no punctuation, single spaces. */
  native: string
  /** The same in Latin letters, as far as that can be done. */
  latin: string
  /** `latin` for comparison across scripts. */
  schemeless: string
  /** Whether `latin` was made from another script. */
  transliterated: boolean
}

/** Letters that no Unicode decomposition opens. */
const LETTERS: Readonly<Record<string, string>> = {
  ø: 'o',
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ð: 'd',
  þ: 'th',
  ł: 'l',
  đ: 'd',
  ħ: 'h',
  ı: 'i',
  ŋ: 'n',
  ς: 'σ',
  ى: 'ي',
  ة: 'ه',
  ـ: '',
}
const LETTER = new RegExp(`[${Object.keys(LETTERS).join('')}]`, 'gu')

/** In other scripts (Devanagari, Thai, kana) a mark is a sound of its own. */
const ACCENT =
  /(?<=[\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}\p{Script=Arabic}\p{Script=Hebrew}]\p{M}*)\p{M}+/gu

/** One word for "and", whichever language or sign a list of names was written with. */
const AND = /(?<![\p{L}\p{M}\p{N}])(?:&|\+|y|et|und)(?![\p{L}\p{M}\p{N}])/gu

/** Signs that stylised names use for letters: Ke$ha, P!nk, M@ri. */
function unstyled(text: string): string {
  return text
    .replace(/\$(?=\p{L})|(?<=\p{L})\$/gu, 's')
    .replace(/(?<=\p{L})!(?=\p{L})/gu, 'i')
    .replace(/(?<=\p{L})@(?=\p{L})/gu, 'a')
}

function folded(text: string): string {
  return unstyled(text.normalize('NFKD').replace(ACCENT, ''))
    .normalize('NFC')
    .replace(LETTER, (letter) => LETTERS[letter] ?? letter)
    .replace(AND, 'and')
    .replace(/['’‘ʼ`´]/g, '')
    .replace(/[^\p{L}\p{M}\p{N}]+/gu, ' ')
    .trim()
}

/**
 * Makes a title or a name comparable. One that consists of signs alone ("!!!", "???") keeps them.
 */
export function comparable(text: string): ComparableText {
  const lower = text.normalize('NFKC').toLowerCase()
  const native = folded(lower) || lower.replace(/\s+/g, ' ').trim()
  const latin = folded(romanise(lower)) || native
  return { native, latin, schemeless: schemeless(latin), transliterated: latin !== native }
}

/**
 * The part of a text that is in Latin letters and the part that is not, when it has both: many
 * pages name a song in its own script and in Latin letters side by side.
 */
export function scriptHalves(text: string): string[] {
  const words = text.split(/[\s()[\]{}（）【】「」/／|]+/u).filter((word) => word !== '')
  const isLatin = (word: string) => !/\p{L}/u.test(word.replace(/\p{Script=Latin}/gu, ''))
  const latin = words.filter((word) => isLatin(word)).join(' ')
  const other = words.filter((word) => !isLatin(word)).join(' ')
  return /\p{Script=Latin}/u.test(latin) && other !== '' ? [latin, other] : []
}
