import { describe, expect, it } from 'vitest'
import { comparable } from './normalise.ts'
import { jaroWinkler, textSimilarity, trigramDice, wordSetSimilarity } from './similarity.ts'

describe('jaroWinkler', () => {
  it.each([
    // The worked examples of Winkler (1990).
    ['martha', 'marhta', 0.961],
    ['dwayne', 'duane', 0.84],
    ['dixon', 'dicksonx', 0.813],
    ['abc', 'xyz', 0],
    ['', '', 1],
  ])('is, for %s and %s, %d', (a, b, expected) => {
    expect(jaroWinkler(a, b)).toBeCloseTo(expected, 3)
    expect(jaroWinkler(b, a)).toBeCloseTo(expected, 3)
  })
})

describe('trigramDice', () => {
  it('is 1 for equal texts and 0 for texts without a common trigram', () => {
    expect(trigramDice('despacito', 'despacito')).toBe(1)
    expect(trigramDice('hello', 'yarn')).toBe(0)
  })

  it('counts a repeated trigram as often as both have it', () => {
    expect(trigramDice('la la la', 'la')).toBeLessThan(0.6)
  })
})

describe('wordSetSimilarity', () => {
  it('does not mind the order of words', () => {
    expect(wordSetSimilarity('yonezu kenshi', 'kenshi yonezu')).toBe(1)
  })

  it('weighs a long word more than an article', () => {
    const withoutArticle = wordSetSimilarity('the weeknd', 'weeknd')
    expect(withoutArticle).toBeGreaterThan(wordSetSimilarity('the weeknd', 'the'))
    expect(withoutArticle).toBeGreaterThan(0.9)
  })

  it('forgives a misspelt long word but no short one', () => {
    expect(wordSetSimilarity('despasito', 'despacito')).toBeGreaterThan(0.9)
    expect(wordSetSimilarity('hey', 'her')).toBe(0)
  })
})

describe('textSimilarity', () => {
  const between = (a: string, b: string) => textSimilarity(comparable(a), comparable(b))

  it('reads across scripts', () => {
    expect(between('Кукушка', 'Kukushka')).toBe(1)
    expect(between('Κυριακή', 'Kyriaki')).toBe(1)
    expect(between('さくら', 'Sakura')).toBe(1)
    expect(between('보고 싶다', 'bogo sipda')).toBe(1)
  })

  it('does not take one number for another', () => {
    expect(between('1979', '1989')).toBeLessThan(0.5)
  })

  it('finds no likeness between different words of one script', () => {
    expect(between('知足', '温柔')).toBe(0)
  })
})
