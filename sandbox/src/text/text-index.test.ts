import { describe, expect, it } from 'vitest'
import { textIndex, withinOneEdit } from './text-index.ts'

const index = textIndex(['Hey Jude The Beatles', 'Hey Ya OutKast', 'La Foule Édith Piaf'])
const best = (query: string) =>
  index.search(query).sort((a, b) => b.coverage - a.coverage || b.focus - a.focus)[0]

describe('search', () => {
  it('covers a query fully where every word stands', () => {
    expect(best('beatles hey jude')).toMatchObject({ document: 0, coverage: 1 })
  })

  it('forgives accents, word ends and one wrong letter', () => {
    expect(best('edith piaf')?.document).toBe(2)
    expect(best('beatl')?.document).toBe(0)
    expect(best('beetles')?.document).toBe(0)
  })

  it('finds nothing for strange words or none', () => {
    expect(index.search('zzz')).toEqual([])
    expect(index.search('')).toEqual([])
  })

  it('weighs a rare word above a common one', () => {
    const [rare, common] = [best('hey outkast'), best('hey foule')]
    expect(rare).toMatchObject({ document: 1, coverage: 1 })
    expect(common?.document).toBe(2)
  })
})

it.each([
  ['piaf', 'piaf', true],
  ['piaf', 'pia', true],
  ['piaf', 'paif', true],
  ['piaf', 'pixf', true],
  ['piaf', 'pixx', false],
  ['piaf', 'pi', false],
])('counts the edits between %s and %s', (a, b, near) => {
  expect(withinOneEdit(a, b)).toBe(near)
})
