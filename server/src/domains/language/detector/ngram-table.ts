/** n-grams of eld, each with the scores that it has in some languages. */
export interface NgramTable {
  /** eld's language codes; their positions are those of the sums. */
  languages: readonly string[]
  /** Adds an n-gram's scores to the sums; one that is not in the table adds nothing. */
  addScores(ngram: string, sums: Float64Array): void
}

/** Subtracted from every score of the file: `baseNgramScore` in eld's languageDetector.js. */
const BASE_SCORE = 53
/**
 * A prime of about twice the large table's 245,106 n-grams, so that few meet in a slot; far from a
 * power of two, of which keys are sums.
 */
const SLOTS = 519_997
/** The large table has 400,560. */
const MOST_SCORES = 524_288
const SCORE_BITS = 8

const OPENING = 'ngrams:{'
const LANGUAGE = /\d+:'(\w+)'/g
/** `'key':{language:score,…}`, without the quotes where the key is an identifier or a number. */
const NGRAM = /(?:'((?:[^'\\]|\\.)+)'|([^'{}:,]+)):\{([\d:,]+)\},?/y

/** eld writes an n-gram's bytes, at most 6, as characters below U+0100: as a number it is exact. */
function keyOf(ngram: string): number {
  let key = 0
  for (let at = 0; at < ngram.length; at++) key = key * 256 + ngram.charCodeAt(at)
  return key
}

/** Where the key is, or would be put. */
function slotOf(key: number, keys: Float64Array): number {
  let slot = key % SLOTS
  while (keys[slot] !== 0 && keys[slot] !== key) slot = (slot + 1) % SLOTS
  return slot
}

/** A hash table by open addressing, in typed arrays; `rest` is what follows the last n-gram. */
function readNgrams(text: string, from: number) {
  const keys = new Float64Array(SLOTS)
  const starts = new Uint32Array(SLOTS)
  const ends = new Uint32Array(SLOTS)
  const scores = new Uint16Array(MOST_SCORES)
  const pattern = new RegExp(NGRAM)
  let read = from
  let end = 0
  for (;;) {
    pattern.lastIndex = read
    const found = pattern.exec(text)
    if (found === null) return { keys, starts, ends, scores, rest: text.slice(read).trim() }
    read = pattern.lastIndex
    const [, quoted, bare = '', listed = ''] = found
    const key = keyOf(quoted?.replaceAll(/\\(.)/g, '$1') ?? bare)
    const slot = slotOf(key, keys)
    keys[slot] = key
    starts[slot] = end
    for (const pair of listed.split(',')) {
      const [language, score] = pair.split(':')
      scores[end++] = (Number(language) << SCORE_BITS) | Number(score)
    }
    ends[slot] = end
  }
}

/**
 * Reads the source text of one of eld's `ngrams/*.js`. Imported as a module the large one takes over
 * 400 MB for good, an object for every n-gram; the same numbers take 9 MB here.
 * @throws when the text is not in the form of eld 2.1.0.
 */
export function parseNgramTable(text: string): NgramTable {
  const opening = text.indexOf(OPENING)
  const head = text.slice(0, Math.max(opening, 0))
  const languages = Array.from(head.matchAll(LANGUAGE), ([, code = '']) => code)
  const { keys, starts, ends, scores, rest } = readNgrams(text, opening + OPENING.length)
  if (languages.length === 0 || rest !== '}};') {
    throw new Error(`eld's n-gram table is not in the form expected at "${rest.slice(0, 40)}"`)
  }
  return {
    languages,
    addScores(ngram, sums) {
      const slot = slotOf(keyOf(ngram), keys)
      for (let at = starts[slot] ?? 0; at < (ends[slot] ?? 0); at++) {
        const packed = scores[at] ?? 0
        const language = packed >> SCORE_BITS
        const score = packed % (1 << SCORE_BITS)
        sums[language] = (sums[language] ?? 0) + score + BASE_SCORE
      }
    },
  }
}
