import { tokensOf } from './tokens.ts'

interface TextMatch {
  readonly document: number
  /** Share of the query's weight that the document contains, 0 to 1. */
  readonly coverage: number
  /** How much of the document's own words the query names, 0 to 1. */
  readonly focus: number
}

/** Finds documents by their words, forgiving accents, word ends and one wrong letter. */
export interface TextIndex {
  search(query: string): TextMatch[]
}

const PREFIX_CREDIT = 0.8
const TYPO_CREDIT = 0.7
const SHORTEST_TYPO = 5

/** True when two words differ by one letter put in, left out, changed or swapped. */
export function withinOneEdit(a: string, b: string): boolean {
  const [short, long] = a.length <= b.length ? [a, b] : [b, a]
  if (long.length - short.length > 1) return false
  let start = 0
  while (start < short.length && short[start] === long[start]) start += 1
  if (short.length < long.length) return short.slice(start) === long.slice(start + 1)
  const changed = short.slice(start + 1) === long.slice(start + 1)
  const swapped =
    short[start] === long[start + 1] &&
    short[start + 1] === long[start] &&
    short.slice(start + 2) === long.slice(start + 2)
  return changed || swapped
}

function credit(query: string, word: string): number {
  if (query === word) return 1
  if (query.length >= 3 && word.startsWith(query)) return PREFIX_CREDIT
  if (query.length >= SHORTEST_TYPO && withinOneEdit(query, word)) return TYPO_CREDIT
  return 0
}

/** Builds an index over texts; `document` in a match is the position in this list. */
export function textIndex(texts: readonly string[]): TextIndex {
  const lengths: number[] = []
  const postings = new Map<string, number[]>()
  texts.forEach((text, document) => {
    const words = new Set(tokensOf(text))
    lengths.push(words.size)
    for (const word of words) {
      const list = postings.get(word)
      if (list) list.push(document)
      else postings.set(word, [document])
    }
  })
  const weightOf = (documents: number) => Math.log(1 + texts.length / (1 + documents))

  function creditsOf(token: string): Map<number, number> {
    const credits = new Map<number, number>()
    for (const [word, documents] of postings) {
      const worth = credit(token, word)
      if (worth === 0) continue
      for (const document of documents) {
        credits.set(document, Math.max(worth, credits.get(document) ?? 0))
      }
    }
    return credits
  }

  return {
    search(query) {
      const tokens = [...new Set(tokensOf(query))]
      const found = new Map<number, { weight: number; words: number }>()
      let total = 0
      for (const token of tokens) {
        const credits = creditsOf(token)
        const weight = weightOf(credits.size)
        total += weight
        for (const [document, worth] of credits) {
          const seen = found.get(document) ?? { weight: 0, words: 0 }
          found.set(document, { weight: seen.weight + weight * worth, words: seen.words + worth })
        }
      }
      return [...found].map(([document, { weight, words }]) => ({
        document,
        coverage: weight / total,
        focus: Math.min(1, words / Math.max(1, lengths[document] ?? 1)),
      }))
    },
  }
}
