import { expect, it } from 'vitest'
import { fractionOf, mulberry32 } from './random.ts'
import { weightedDraw, weightedSample } from './weighted.ts'

it('repeats itself for the same seed only', () => {
  const take = (seed: number) => Array.from({ length: 5 }, mulberry32(seed))
  expect(take(1)).toEqual(take(1))
  expect(take(1)).not.toEqual(take(2))
})

it('gives a text the same fraction always', () => {
  expect(fractionOf('song')).toBe(fractionOf('song'))
  expect(fractionOf('song')).not.toBe(fractionOf('sonh'))
})

it('draws as often as the weights say', () => {
  const random = mulberry32(7)
  const draws = weightedDraw(['a', 'b', 'c'], (item) => ({ a: 3, b: 1, c: 0 })[item] ?? 0)
  const counts = { a: 0, b: 0, c: 0 }
  for (let i = 0; i < 4_000; i += 1) counts[(draws.draw(random) ?? 'c') as 'a' | 'b' | 'c'] += 1
  expect(counts.c).toBe(0)
  expect(counts.a / counts.b).toBeGreaterThan(2.6)
  expect(counts.a / counts.b).toBeLessThan(3.4)
})

it('draws nothing where nothing has weight', () => {
  expect(weightedDraw([1, 2], () => 0).draw(mulberry32(1))).toBeUndefined()
  expect(weightedDraw([], () => 1).draw(mulberry32(1))).toBeUndefined()
})

it('samples without replacement and leaves the weightless out', () => {
  const sample = weightedSample(mulberry32(3), [1, 2, 3, 4], 10, (n) => (n === 2 ? 0 : n))
  expect([...sample].sort((a, b) => a - b)).toEqual([1, 3, 4])
})
