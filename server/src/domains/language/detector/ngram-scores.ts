import { readFile } from 'node:fs/promises'
import { findPackageJSON } from 'node:module'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { LANGUAGES } from './languages.ts'
import { parseNgramTable } from './ngram-table.ts'

/** What n-grams say of a text. */
export interface NgramScores {
  /** How many different n-grams were looked at; 0 for a text without letters. */
  ngrams: number
  /** Mean score of an n-gram by position in `LANGUAGES`; a right language scores about 60-110. */
  meanScores: Float64Array
}

/** What follows in a word is not read, as eld does not. */
const MAX_WORD_BYTES = 70
/** Apostrophes before a letter belong to the word; eld knows the letters of the BMP alone. */
const BETWEEN_WORDS = /(?:\P{L}|[\u{10000}-\u{10FFFF}])+(?<!['`’])/gu

/** eld has one character, of Latin-1, for each byte beyond ASCII. */
function charactersFrom(module: unknown): readonly string[] {
  if (typeof module === 'object' && module !== null && 'dictionary' in module) {
    const { dictionary } = module
    if (Array.isArray(dictionary)) return dictionary.map(String)
  }
  throw new TypeError('eld has no dictionary of bytes where it is expected')
}

/** Pieces of 4 bytes with a stride of 3, spaces marking a word's ends: eld's `getByteNgrams`. */
function addNgrams(word: string, ngrams: Set<string>): void {
  let at = 0
  for (; at + 4 < word.length; at += 3) {
    ngrams.add((at === 0 ? ' ' : '') + word.slice(at, at + 4))
  }
  ngrams.add(`${at === 0 ? ' ' : ''}${word.slice(-4)} `)
}

/**
 * Loads an n-gram table of the package eld (Nito T.M., Apache-2.0), the large one half a second to
 * read: only where detection runs. eld's detector is not used, but its scores are the same for the
 * same texts, before the scaling by which its confidences are off by 10 to 33 points.
 * @param database the larger, the better with short texts.
 * @throws when the package is missing or not of the form of eld 2.1.0.
 */
export async function loadNgramScorer(
  database: 'large' | 'extrasmall' = 'large',
): Promise<(text: string) => NgramScores> {
  const manifest = findPackageJSON('eld', import.meta.url)
  if (manifest === undefined) throw new Error('the package eld is not installed')
  const source = join(dirname(manifest), 'src')
  const characters = charactersFrom(await import(pathToFileURL(join(source, 'dictionary.js')).href))
  const table = parseNgramTable(await readFile(join(source, `ngrams/${database}.js`), 'utf8'))
  const positions = LANGUAGES.map(({ eld }) => table.languages.indexOf(eld ?? ''))

  function ngramsOf(text: string): Set<string> {
    const ngrams = new Set<string>()
    for (const word of text.replaceAll(BETWEEN_WORDS, ' ').trim().toLowerCase().split(' ')) {
      const bytes = Buffer.from(word).subarray(0, MAX_WORD_BYTES)
      const written = Array.from(bytes, (byte) =>
        byte < 0x80 ? String.fromCharCode(byte) : (characters[byte] ?? ' '),
      )
      if (written.length > 0) addNgrams(written.join(''), ngrams)
    }
    return ngrams
  }

  return (text) => {
    const ngrams = ngramsOf(text)
    const sums = new Float64Array(table.languages.length)
    for (const ngram of ngrams) table.addScores(ngram, sums)
    const meanScores = Float64Array.from(positions, (position) =>
      ngrams.size === 0 ? 0 : (sums[position] ?? 0) / ngrams.size,
    )
    return { ngrams: ngrams.size, meanScores }
  }
}
