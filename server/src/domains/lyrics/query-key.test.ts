import { describe, expect, it } from 'vitest'
import { queryKey } from './query-key.ts'

describe('queryKey', () => {
  it('does not mind case, width and spacing', () => {
    expect(queryKey('  ＡＢＢＡ ', 'Dancing  Queen')).toBe(queryKey('abba', 'dancing queen'))
  })

  it('keeps artist and title apart', () => {
    expect(queryKey('a b', 'c')).not.toBe(queryKey('a', 'b c'))
    expect(queryKey('a\nb', 'c')).not.toBe(queryKey('a', 'b\nc'))
  })

  it('keeps a remark in brackets apart from the same words in the title', () => {
    expect(queryKey('oasis', 'forever (live)')).not.toBe(queryKey('oasis', 'forever live'))
  })

  it('is short for long texts and still tells them apart', () => {
    const long = 'ﷺ'.repeat(200)
    expect(queryKey(long, 'a').length).toBeLessThanOrEqual(120)
    expect(queryKey(long, 'a')).not.toBe(queryKey(long, 'b'))
  })
})
