import { describe, expect, it } from 'vitest'
import { canonicalTag, primaryLanguage } from './language-tag.ts'

describe('canonicalTag', () => {
  it.each([
    ['es', 'es'],
    ['ES', 'es'],
    ['spa', 'es'],
    ['pt-br', 'pt-BR'],
    ['es-419', 'es-419'],
    ['ZH-hant-tw', 'zh-Hant-TW'],
    ['cmn', 'zh'],
    ['iw', 'he'],
    ['nb', 'nb'],
    ['nn-NO', 'nn-NO'],
    ['yue', 'yue'],
    ['zxx', 'zxx'],
    ['gax', 'gax'],
    ['tlh', 'tlh'],
  ])('of %s is %s', (text, tag) => {
    expect(canonicalTag(text)).toBe(tag)
  })

  it.each([
    ['zh-yue', 'yue'],
    ['zh-YUE-hk', 'yue-HK'],
    ['zh-cmn-Hans', 'zh-Hans'],
    ['zh-min-nan', 'nan'],
    ['zh-wuu', 'wuu'],
    ['ar-arz', 'arz'],
    ['sgn-ase', 'ase'],
    ['no-nyn', 'nn'],
  ])('of the older style %s is %s', (text, tag) => {
    expect(canonicalTag(text)).toBe(tag)
  })

  it.each([
    ['es-MX-u-ca-gregory', 'es-MX'],
    ['en-x-mine', 'en'],
  ])('of %s, which says more than the language, is %s', (text, tag) => {
    expect(canonicalTag(text)).toBe(tag)
  })

  it.each(['und', 'und-Latn', 'mul', 'mis', 'qaa', 'x-mine', 'root'])(
    'is none for %s, which names no one language',
    (text) => {
      expect(canonicalTag(text)).toBeUndefined()
    },
  )

  it.each([
    '',
    'e',
    'es_MX',
    'español',
    'Spanish',
    'spanish-',
    'xx',
    'jp',
    'xyz',
    'zh-min',
    'constructor',
    'es fr',
  ])('is none for %j', (text) => {
    expect(canonicalTag(text)).toBeUndefined()
  })

  it('knows every language of ISO 639-1, and stays what it is when read again', () => {
    const known = ISO_639_1.map((code) => canonicalTag(code))
    expect(known).not.toContain(undefined)
    expect(known.map((tag) => canonicalTag(tag ?? ''))).toEqual(known)
  })
})

describe('primaryLanguage', () => {
  it.each([
    ['es-MX', 'es'],
    ['spa', 'es'],
    ['cmn-Hant', 'zh'],
    ['zh-yue', 'yue'],
    ['nb', 'no'],
    ['nn-NO', 'no'],
    ['no', 'no'],
    ['zxx', 'zxx'],
  ])('of %s is %s', (text, language) => {
    expect(primaryLanguage(text)).toBe(language)
  })

  it.each(['und', 'mul', 'es_MX', 'Spanish', ''])('is none for %j', (text) => {
    expect(primaryLanguage(text)).toBeUndefined()
  })
})

const ISO_639_1 = `
  aa ab ae af ak am an ar as av ay az ba be bg bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv
  dz ee el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie
  ig ii ik io is it iu ja jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv
  mg mh mi mk ml mn mr ms mt my na nb nd ne ng nl nn no nr nv ny oc oj om or os pa pi pl ps pt qu rm
  rn ro ru rw sa sc sd se sg si sk sl sm sn so sq sr ss st su sv sw ta te tg th ti tk tl tn to tr ts
  tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu`
  .trim()
  .split(/\s+/)
