import { describe, expect, it } from 'vitest'
import { entryKey, familyOf } from './entry-key.ts'

describe('entry key', () => {
  it('keeps the family, and of the rest a digest', () => {
    expect(entryKey('lyrics:song:Ана Каспарян')).toMatch(/^lyrics:[\w-]{32}$/)
    expect(familyOf(entryKey('lyrics:song:x'))).toBe('lyrics')
  })

  it('is the same for the same key and another for any other', () => {
    expect(entryKey('a:1')).toBe(entryKey('a:1'))
    expect(new Set(['a:1', 'a:2', 'b:1', 'a', 'a:', ''].map(entryKey)).size).toBe(6)
  })
})
