import { expect, it } from 'vitest'
import { mismatches, shapeOf } from './shape.ts'

it('finds a missing key and a wrong type, however deep', () => {
  const shape = shapeOf([{ list: [{ id: 1, name: 'x' }], link: null }])
  expect(mismatches(shape, { list: [{ id: '1' }], link: 'any' })).toEqual([
    '$.list[0].id is string, recorded as number',
    '$.list[0].name is missing',
  ])
})

it('asks only for keys that every sample has', () => {
  const shape = shapeOf([{ a: 1, b: 2 }, { a: 1 }])
  expect(mismatches(shape, { a: 3 })).toEqual([])
})
