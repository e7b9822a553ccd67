import { randomUUID } from 'node:crypto'
import { expect, it } from 'vitest'
import { filterOf, mayHold } from './user-filter.ts'

const users = (count: number) => Array.from({ length: count }, () => randomUUID())

it.each([1, 7, 1000])('never denies one of %i users that it was made of', (count) => {
  const own = users(count)
  const filter = filterOf(own)
  expect(own.filter((user) => !mayHold(filter, user))).toEqual([])
})

it('takes few others for its own, in little space', () => {
  const filter = filterOf(users(2000))
  expect(filter.length).toBe(2500)
  const mistaken = users(5000).filter((user) => mayHold(filter, user)).length
  expect(mistaken / 5000).toBeLessThan(0.02)
})

it('holds nobody when it was made of nobody', () => {
  expect(mayHold(filterOf([]), randomUUID())).toBe(false)
})
