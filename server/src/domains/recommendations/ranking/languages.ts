import type { TrackLanguage } from '../recommendations.ports.ts'

/**
 * The primary subtag of a BCP 47 tag in its canonical form: `es-MX` and `spa` give `es`, `cmn`
 * gives `zh`. Undefined when the text is no language tag as ECMA-402 reads them, which leaves out
 * extended subtags: `yue` is one, `zh-yue` is not.
 */
export function primaryLanguage(tag: string): string | undefined {
  try {
    return new Intl.Locale(tag).language
  } catch {
    return undefined
  }
}

export interface SungLanguage {
  /** Primary subtag. */
  tag: string
  /** 0-1 */
  confidence: number
}

/** The languages that a track is sung in with at least this confidence, the surest first. */
export function surelySungIn(language: TrackLanguage, minConfidence: number): SungLanguage[] {
  const { tag, confidence, languages } = language
  const main = tag === null || confidence === null ? [] : [{ tag, confidence }]
  const surest = new Map<string, number>()
  for (const claim of [...main, ...languages]) {
    const primary = primaryLanguage(claim.tag)
    if (primary === undefined || claim.confidence < minConfidence) continue
    surest.set(primary, Math.max(claim.confidence, surest.get(primary) ?? 0))
  }
  return [...surest]
    .map(([primary, sureness]) => ({ tag: primary, confidence: sureness }))
    .toSorted((a, b) => b.confidence - a.confidence)
}
