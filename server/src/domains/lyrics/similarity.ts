import type { ComparableText } from './normalise.ts'

/** Winkler (1990): the usual scale and length of the common prefix that is rewarded. */
const PREFIX_SCALE = 0.1
const MAX_PREFIX = 4

/** Jaro-Winkler similarity, 0 to 1. Good for single words: forgives swaps, trusts the start. */
export function jaroWinkler(a: string, b: string): number {
  if (a === b) return 1
  const jaro = jaroSimilarity(a, b)
  let prefix = 0
  while (prefix < MAX_PREFIX && prefix < a.length && a[prefix] === b[prefix]) prefix += 1
  return jaro + prefix * PREFIX_SCALE * (1 - jaro)
}

/** Jaro (1989): shared characters within half the longer word, less half of those out of order. */
function jaroSimilarity(a: string, b: string): number {
  const reach = Math.max(Math.floor(Math.max(a.length, b.length) / 2) - 1, 0)
  const taken = new Set<number>()
  let sharedOfA = ''
  for (let i = 0; i < a.length; i += 1) {
    for (let j = Math.max(0, i - reach); j <= Math.min(b.length - 1, i + reach); j += 1) {
      if (a[i] !== b[j] || taken.has(j)) continue
      taken.add(j)
      sharedOfA += b[j]
      break
    }
  }
  const shared = taken.size
  if (shared === 0) return 0
  const sharedOfB = [...taken].toSorted((one, other) => one - other).map((j) => b[j])
  const outOfOrder = sharedOfB.filter((character, i) => character !== sharedOfA[i]).length / 2
  return (shared / a.length + shared / b.length + (shared - outOfOrder) / shared) / 3
}

function trigrams(text: string): Map<string, number> {
  // Padded as in PostgreSQL's pg_trgm, so that the start of a text weighs more than its end.
  const padded = `  ${text} `
  const counts = new Map<string, number>()
  for (let i = 0; i + 3 <= padded.length; i += 1) {
    const trigram = padded.slice(i, i + 3)
    counts.set(trigram, (counts.get(trigram) ?? 0) + 1)
  }
  return counts
}

/** Sørensen-Dice coefficient of the trigrams, 0 to 1. Good for texts whose spaces differ. */
export function trigramDice(a: string, b: string): number {
  const ofA = trigrams(a)
  const ofB = trigrams(b)
  let shared = 0
  for (const [trigram, count] of ofA) shared += Math.min(count, ofB.get(trigram) ?? 0)
  const total = [...ofA.values(), ...ofB.values()].reduce((sum, count) => sum + count, 0)
  return (2 * shared) / total
}

/** Below this two words are different words rather than one word misspelt. */
const SAME_WORD = 0.9
/** Shorter words are one letter away from too many others. */
const SHORTEST_MISSPELT = 4
const MAX_WORD_WEIGHT = 6
const LIGHT_WORDS = new Set('and the a an of la le el los las les de der die das o'.split(' '))

const weightOf = (word: string) =>
  LIGHT_WORDS.has(word) ? 1 : Math.min(word.length, MAX_WORD_WEIGHT)

function wordSimilarity(a: string, b: string): number {
  if (a === b) return 1
  if (Math.min(a.length, b.length) < SHORTEST_MISSPELT || /\d/.test(a + b)) return 0
  const similarity = jaroWinkler(a, b)
  return similarity >= SAME_WORD ? similarity : 0
}

/**
 * Soft Dice coefficient of two word sets, 0 to 1: order is free, a misspelt word counts for what
 * it resembles, and long words weigh more than short ones.
 */
export function wordSetSimilarity(a: string, b: string): number {
  const wordsOfA = a.split(' ')
  const left = b.split(' ')
  const total = [...wordsOfA, ...left].reduce((sum, word) => sum + weightOf(word), 0)
  let shared = 0
  for (const word of wordsOfA) {
    const scores = left.map((other) => wordSimilarity(word, other))
    const best = Math.max(0, ...scores)
    if (best === 0) continue
    const [other = ''] = left.splice(scores.indexOf(best), 1)
    shared += best * (weightOf(word) + weightOf(other))
  }
  return shared / total
}

const numbersOf = (text: string) => (text.match(/\d+/g) ?? []).toSorted().join(' ')
/** "1979" is no misspelt "1989". */
const OTHER_NUMBERS = 0.7

/** Texts whose lengths differ more have too little in common to be worth measuring. */
const MAX_LENGTH_RATIO = 3

function foldedSimilarity(a: string, b: string): number {
  if (a === b) return 1
  const [shorter, longer] = a.length < b.length ? [a, b] : [b, a]
  if (shorter.length * MAX_LENGTH_RATIO < longer.length) return 0
  const bare = [a.replaceAll(' ', ''), b.replaceAll(' ', '')] as const
  const similarity = Math.max(wordSetSimilarity(a, b), trigramDice(...bare))
  return similarity * (numbersOf(a) === numbersOf(b) ? 1 : OTHER_NUMBERS)
}

/** How alike two titles or names are, 0 to 1, also when they are written in different scripts. */
export function textSimilarity(a: ComparableText, b: ComparableText): number {
  if (a.transliterated === b.transliterated) {
    const inLatin = a.transliterated ? foldedSimilarity(a.latin, b.latin) : 0
    return Math.max(foldedSimilarity(a.native, b.native), inLatin)
  }
  return foldedSimilarity(a.schemeless, b.schemeless)
}
