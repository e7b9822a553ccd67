import { describe, expect, it } from 'vitest'
import { EVERYTHING, pendingForgets } from './pending-forgets.ts'

const keys = (...names: string[]) => ({ keys: names, tags: [] })

describe('pending forgets', () => {
  it('are pending until they are confirmed', () => {
    const pending = pendingForgets()
    pending.add({ keys: ['a'], tags: ['t'] })
    expect(pending.some()).toEqual({ keys: ['a'], tags: ['t'] })
    pending.done({ keys: ['a'], tags: ['t'] }, pending.stamp)
    expect(pending.isEmpty).toBe(true)
  })

  it('stay pending when they came again after what is confirmed was sent', () => {
    const pending = pendingForgets()
    pending.add(keys('a'))
    const { stamp } = pending
    pending.add(keys('a'))
    pending.done(keys('a'), stamp)
    expect(pending.isEmpty).toBe(false)
  })

  it('become everything when there are too many to remember', () => {
    const pending = pendingForgets()
    for (let at = 0; at <= 10_000; at += 1) pending.add(keys(`k${at}`))
    expect(pending.some()).toEqual({ keys: [], tags: [EVERYTHING] })
  })

  it('are handed out in portions', () => {
    const pending = pendingForgets()
    pending.add(keys(...Array.from({ length: 1_200 }, (_, at) => `k${at}`)))
    const sizes: number[] = []
    while (!pending.isEmpty) {
      const portion = pending.some()
      sizes.push(portion.keys.length)
      pending.done(portion, pending.stamp)
    }
    expect(sizes).toEqual([500, 500, 200])
  })
})
