import { describe, expect, it } from 'vitest'
import { primaryLanguage, surelySungIn } from './languages.ts'

describe('primaryLanguage', () => {
  it.each([
    ['es-MX', 'es'],
    ['ES', 'es'],
    ['spa', 'es'],
    ['cmn-Hant', 'zh'],
    ['zxx', 'zxx'],
  ])('of %s is %s', (tag, primary) => {
    expect(primaryLanguage(tag)).toBe(primary)
  })

  it.each(['es_MX', 'Español', '', 'e', 'zh-yue', 'spanish-'])('is none for %j', (text) => {
    expect(primaryLanguage(text)).toBeUndefined()
  })
})

describe('surelySungIn', () => {
  it('leaves out what is not certain enough, and joins regions of one language', () => {
    const languages = [
      { tag: 'es-MX', confidence: 0.9 },
      { tag: 'es', confidence: 0.95 },
      { tag: 'en', confidence: 0.7 },
    ]
    const language = { status: 'detected' as const, tag: 'es-MX', confidence: 0.9, languages }

    expect(surelySungIn(language, 0.8)).toEqual([{ tag: 'es', confidence: 0.95 }])
  })

  it('is empty for a track whose language is unknown', () => {
    const unknown = { status: 'unknown' as const, tag: null, confidence: null, languages: [] }

    expect(surelySungIn(unknown, 0)).toEqual([])
  })
})
