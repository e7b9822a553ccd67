import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { canonicalJson } from './canonical-json.ts'

/** The same value with the members of every object the other way round. */
function turnedRound(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(turnedRound)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .toReversed()
      .map(([name, member]) => [name, turnedRound(member)]),
  )
}

const json = fc.jsonValue({ maxDepth: 4, noUnicodeString: false })

describe('canonical JSON', () => {
  it('says the same whatever the order of members', () => {
    expect(canonicalJson({ b: [1, { d: null, c: 'x' }], a: 1.5 })).toBe(
      '{"a":1.5,"b":[1,{"c":"x","d":null}]}',
    )
    fc.assert(
      fc.property(json, (value) => canonicalJson(turnedRound(value)) === canonicalJson(value)),
    )
  })

  it('says all that there is to say', () => {
    fc.assert(
      fc.property(json, (value) => {
        const plain = JSON.stringify(value)
        expect(JSON.parse(canonicalJson(JSON.parse(plain)))).toEqual(JSON.parse(plain))
      }),
    )
  })

  it('holds no raw line feed, which parts one payload from the next', () => {
    fc.assert(fc.property(json, (value) => !canonicalJson(value).includes('\n')))
  })
})
