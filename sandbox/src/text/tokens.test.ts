import { expect, it } from 'vitest'
import { fold, tokensOf } from './tokens.ts'

it('folds case, accents and compatibility forms', () => {
  expect(fold('Édith ＰＩＡＦ Ñandú')).toBe('edith piaf nandu')
})

it('keeps the vowel signs of Indic scripts', () => {
  expect(fold('हिन्दी')).toBe('हिन्दी')
})

it('splits words, and letters written without spaces into pairs', () => {
  expect(tokensOf("Don't Stop!")).toEqual(['dont', 'stop'])
  expect(tokensOf('簡單愛')).toEqual(['簡單', '單愛'])
  expect(tokensOf('愛')).toEqual(['愛'])
})
