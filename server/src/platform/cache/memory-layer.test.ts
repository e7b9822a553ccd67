import { describe, expect, it } from 'vitest'
import { memoryLayer } from './memory-layer.ts'

const MINUTE_MS = 60_000

function setUp({ maxItems = 3, maxLength = 100 } = {}) {
  const dropped: string[] = []
  const memory = memoryLayer({
    maxItems,
    maxLength,
    onDrop: (key, cause) => dropped.push(`${key} ${cause}`),
  })
  return { memory, dropped }
}

describe('memory layer', () => {
  it('drops what was not used for longest when there are too many', () => {
    const { memory, dropped } = setUp()
    for (const key of ['a', 'b', 'c']) memory.set(key, key, '', MINUTE_MS)
    expect(memory.get('a', '')).toBe('a')
    memory.set('d', 'd', '', MINUTE_MS)
    expect(dropped).toEqual(['b evicted'])
    expect(['a', 'b', 'c', 'd'].map((key) => memory.get(key, ''))).toEqual([
      'a',
      undefined,
      'c',
      'd',
    ])
  })

  it('drops as many as a long one needs, and counts again what was replaced', () => {
    const { memory, dropped } = setUp()
    memory.set('a', 'x'.repeat(90), '', MINUTE_MS)
    memory.set('a', 'x'.repeat(10), '', MINUTE_MS)
    memory.set('b', 'x'.repeat(90), '', MINUTE_MS)
    expect(dropped).toEqual([])
    memory.set('c', 'x'.repeat(20), '', MINUTE_MS)
    expect(dropped).toEqual(['a evicted', 'b evicted'])
  })

  it('holds nothing that is longer than all that it may hold', () => {
    const { memory } = setUp()
    memory.set('a', 'x'.repeat(101), '', MINUTE_MS)
    expect(memory.get('a', '')).toBeUndefined()
  })

  it('drops what is past its time when it is asked for', () => {
    const { memory, dropped } = setUp()
    memory.set('a', 'a', '', 0)
    expect(memory.get('a', '')).toBeUndefined()
    expect(memory.remainingMs('a')).toBeUndefined()
    expect(dropped).toEqual(['a expired'])
  })

  it('does not find a value of other versions, and keeps one without an end', () => {
    const { memory } = setUp()
    memory.set('a', 'a', 'v1', Number.POSITIVE_INFINITY)
    expect(memory.get('a', 'v2')).toBeUndefined()
    expect(memory.get('a', 'v1')).toBe('a')
    memory.clear()
    expect(memory.get('a', 'v1')).toBeUndefined()
  })
})
