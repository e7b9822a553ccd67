import { primaryLanguage } from '#platform/language-tag'
import type { TrackLanguage } from '../recommendations.ports.ts'

export interface SungLanguage {
  /** Primary subtag. */
  tag: string
  /** 0-1 */
  confidence: number
}

/** The languages that a track is sung in, the surest first. */
export type SungLanguages = (language: TrackLanguage) => SungLanguage[]

/** Reads languages that are at least this certain, 0-1. */
export function surelySung(minConfidence: number): SungLanguages {
  // A list looks at thousands of tracks in a few languages, and reading a tag takes 7 µs.
  const primaries = new Map<string, string | undefined>()
  function primaryOf(tag: string): string | undefined {
    if (!primaries.has(tag)) primaries.set(tag, primaryLanguage(tag))
    return primaries.get(tag)
  }

  return ({ tag, confidence, languages }) => {
    const main = tag === null || confidence === null ? [] : [{ tag, confidence }]
    const surest = new Map<string, number>()
    for (const claim of [...main, ...languages]) {
      if (claim.confidence < minConfidence) continue
      const primary = primaryOf(claim.tag)
      if (primary === undefined) continue
      surest.set(primary, Math.max(claim.confidence, surest.get(primary) ?? 0))
    }
    return [...surest]
      .map(([primary, sureness]) => ({ tag: primary, confidence: sureness }))
      .toSorted((a, b) => b.confidence - a.confidence)
  }
}
