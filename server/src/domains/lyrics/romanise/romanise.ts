import { romaniseHangul } from './hangul.ts'
import { romaniseKana } from './kana.ts'
import { romaniseLetters } from './letters.ts'

/**
 * Cyrillic, Greek, kana and hangul in Latin letters; other scripts stay as they are, since kanji,
 * hanzi, Arabic or Hebrew cannot be read without a dictionary. Expects lower-case text.
 */
export function romanise(text: string): string {
  return romaniseLetters(romaniseHangul(romaniseKana(text.normalize('NFKC'))))
}

/** In this order, since the longer spellings hold the shorter ones. */
const SPELLINGS: readonly (readonly [RegExp, string])[] = [
  [/shch|sch|sht/g, 'sc'],
  [/kh/g, 'h'],
  [/zh/g, 'z'],
  [/sh/g, 's'],
  [/tch|ch/g, 'c'],
  [/t[sz]/g, 'c'],
  [/x/g, 'ks'],
  [/w/g, 'v'],
  [/ou|oo|oh(?![aeiou])/g, 'o'],
  [/uu/g, 'u'],
  [/[jy]/g, 'i'],
  // ё is written e as often as yo; Greek αι, ει, οι are spelt by letter or by sound.
  [/io|ai/g, 'e'],
  [/[eo]i/g, 'i'],
  [/(.)\1+/gu, '$1'],
]

/**
 * A romanised text without the marks of its scheme, so that `Viktor Tsoy`, `Viktor Coj` and
 * `Viktor Tsoi` are one. Only for comparing with a text that was written in another script.
 */
export function schemeless(latin: string): string {
  return SPELLINGS.reduce((done, [spelling, plain]) => done.replace(spelling, plain), latin)
}
