import { describe, expect, it } from 'vitest'
import { surelySung } from './languages.ts'

describe('surelySung', () => {
  it('leaves out what is not certain enough, and joins regions of one language', () => {
    const languages = [
      { tag: 'es-MX', confidence: 0.9 },
      { tag: 'es', confidence: 0.95 },
      { tag: 'en', confidence: 0.7 },
    ]
    const language = { status: 'detected' as const, tag: 'es-MX', confidence: 0.9, languages }

    expect(surelySung(0.8)(language)).toEqual([{ tag: 'es', confidence: 0.95 }])
  })

  it('joins the written standards of Norwegian, and leaves out what is no one language', () => {
    const languages = ['nb', 'nn', 'mul', 'und'].map((tag) => ({ tag, confidence: 0.9 }))
    const language = { status: 'detected' as const, tag: 'mul', confidence: 0.9, languages }

    expect(surelySung(0.8)(language)).toEqual([{ tag: 'no', confidence: 0.9 }])
  })

  it('is empty for a track whose language is unknown', () => {
    const unknown = { status: 'unknown' as const, tag: null, confidence: null, languages: [] }

    expect(surelySung(0)(unknown)).toEqual([])
  })
})
