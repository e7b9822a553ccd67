import { describe, expect, it } from 'vitest'
import { freshness } from './freshness.ts'
import { parseLsn } from './lsn.ts'

const at = (atMs: number, lsn: bigint) => ({ atMs, lsn })
const replica = (replayed: bigint | undefined, lastCommitAgeSeconds?: number) => ({
  replayed,
  lastCommitAgeSeconds,
})

describe('how complete a replica is', () => {
  it('is now, when it has replayed all that the primary has written', () => {
    expect(freshness().completeAsOf(at(1000, 50n), replica(50n))).toBe(1000)
  })

  it('is the last moment whose position it has reached', () => {
    const known = freshness()
    known.completeAsOf(at(1000, 50n), replica(50n))
    known.completeAsOf(at(2000, 60n), replica(50n))
    expect(known.completeAsOf(at(3000, 70n), replica(60n))).toBe(2000)
  })

  it('does not age while nothing is written', () => {
    const known = freshness()
    known.completeAsOf(at(1000, 50n), replica(50n, 1))
    expect(known.completeAsOf(at(600_000, 50n), replica(50n, 600))).toBe(600_000)
  })

  it('ages when the replica is cut off from a primary that goes on', () => {
    const known = freshness()
    known.completeAsOf(at(1000, 50n), replica(50n, 0.1))
    expect(known.completeAsOf(at(31_000, 90n), replica(50n, 30.1))).toBe(1000)
  })

  it('is known from the last commit’s age when there were no samples before', () => {
    expect(freshness().completeAsOf(at(10_000, 90n), replica(80n, 0.5))).toBe(9_500)
    expect(freshness().completeAsOf(at(10_000, 90n), replica(80n))).toBeUndefined()
  })

  it('is nothing to a server that is no replica any more', () => {
    expect(freshness().completeAsOf(at(1000, 50n), replica(undefined, 0))).toBeUndefined()
  })
})

describe('a log position', () => {
  it('is compared as one number', () => {
    expect(parseLsn('0/FFFFFFFF') + 1n).toBe(parseLsn('1/0'))
    expect(parseLsn('16/B374D848')).toBe(0x16b374d848n)
  })

  it('is refused in any other form', () => {
    expect(() => parseLsn('x/1')).toThrow('no log position')
    expect(() => parseLsn('')).toThrow('no log position')
  })
})
