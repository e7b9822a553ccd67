import { describe, expect, it } from 'vitest'
import { tellingScript } from './script-of-text.ts'

describe('tellingScript', () => {
  it.each([
    ['Yesterday', 'latin'],
    ['夜に駆ける', 'kana'],
    ['海闊天空', 'han'],
    ['愛の初體驗', 'han'],
    ['여수 밤바다 (Yeosu Night Sea)', 'hangul'],
    ['愛你 (Love You)', 'han'],
    ['Группа крови', 'cyrillic'],
    ['KoЯn', 'latin'],
    ['اهواك', 'arabic'],
  ])('of "%s" is %s', (text, script) => {
    expect(tellingScript(text)).toBe(script)
  })

  it('is none for a text without letters', () => {
    expect(tellingScript('1999 🔥 !')).toBeUndefined()
  })
})
