import { type ComparableText, comparable, scriptHalves } from './normalise.ts'
import { textSimilarity } from './similarity.ts'

/** Between the names of several artists. Names hold some of these too, so the whole is kept. */
const SEPARATOR =
  /\s*(?:,|;|\/|、|・|\s(?:&|\+|x|×|vs\.?|and|y|et|und|e|и|feat\.?|ft\.?|featuring|con|with|avec)\s|\((?:feat|ft)\.?\s)\s*/iu

/** Trust in one name of several that is not the first: a guest's page is often another song. */
const TRUST_GUEST = 0.95
const TRUST_ALIAS = 0.98
/** How much of a match is owed to everybody being named rather than just somebody. */
const COVERAGE_WEIGHT = 0.04

/** More names, or spellings of one name, than these are no real list, only costly to compare. */
const MAX_NAMES = 8
const MAX_ALIASES = 3

interface Name {
  forms: ComparableText[]
  trust: number
}

const withoutArticle = (name: string) => name.replace(/^the\s+(?=\S)/i, '')

/** A name with its other spellings: in brackets, or in the other of two scripts. */
function formsOf(name: string): ComparableText[] {
  const aliases = [...name.matchAll(/\(([^()]+)\)/gu)]
    .map(([, alias = '']) => alias)
    .slice(0, MAX_ALIASES)
  const bare = aliases.length > 0 ? [name.replace(/\([^()]+\)/gu, ' ')] : []
  return [name, ...bare, ...aliases, ...scriptHalves(name)]
    .map((form) => withoutArticle(form.trim()))
    .filter((form) => form !== '')
    .map((form) => comparable(form))
}

function namesIn(text: string): Name[] {
  const parts = text
    .split(SEPARATOR)
    .map((part) => part.replace(/\)$/, (end) => (part.includes('(') ? end : '')).trim())
    .filter((part) => part !== '')
    .slice(0, MAX_NAMES)
  const whole = { forms: formsOf(text), trust: 1 }
  if (parts.length < 2) return [whole]
  const single = parts.map((part, i) => ({
    forms: formsOf(part),
    trust: i === 0 ? 1 : TRUST_GUEST,
  }))
  return [whole, ...single]
}

function formsSimilarity(a: Name, b: Name): number {
  let best = 0
  for (const [i, formOfA] of a.forms.entries()) {
    for (const [j, formOfB] of b.forms.entries()) {
      const trust = i === 0 && j === 0 ? 1 : TRUST_ALIAS
      best = Math.max(best, trust * textSimilarity(formOfA, formOfB))
    }
  }
  return best
}

export interface ArtistMatcher {
  /** How well the artists of a page match, 0 to 1. */
  match(primaryArtist: string, artists: readonly string[]): number
}

/** Prepares the artist of a query, which may name several, for comparison with many pages. */
export function artistMatcher(artist: string): ArtistMatcher {
  const wanted = namesIn(artist)
  const [, ...singles] = wanted
  return {
    match(primaryArtist, artists) {
      const primary = namesIn(primaryArtist)
      const guests = artists
        .slice(0, MAX_NAMES)
        .map((name) => ({ forms: formsOf(name), trust: TRUST_GUEST }))
      const present = [...primary, ...guests]
      const bestOf = (name: Name) =>
        Math.max(...present.map((other) => other.trust * formsSimilarity(name, other)))
      const best = Math.max(...wanted.map((name) => name.trust * bestOf(name)))
      if (singles.length === 0) return best
      const found = singles.filter((name) => bestOf(name) > 0.8).length
      const coverage = Math.max(
        formsSimilarity(wanted[0] ?? EMPTY, primary[0] ?? EMPTY),
        found / singles.length,
      )
      return best * (1 - COVERAGE_WEIGHT + COVERAGE_WEIGHT * coverage)
    },
  }
}

const EMPTY: Name = { forms: [], trust: 0 }
