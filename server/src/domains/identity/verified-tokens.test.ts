import { describe, expect, it } from 'vitest'
import { verifiedTokens } from './verified-tokens.ts'

function setUp() {
  let nowMs = 1_000_000
  const tokens = verifiedTokens({ now: () => new Date(nowMs) })
  const advanceSeconds = (seconds: number) => {
    nowMs += seconds * 1000
  }
  return { tokens, advanceSeconds, nowSeconds: nowMs / 1000 }
}

const owner = { userId: 'u', sessionId: 's' }

describe('verified tokens', () => {
  it('are found again, each with its owner', () => {
    const { tokens, nowSeconds } = setUp()
    tokens.keep('one', owner, nowSeconds + 900)
    tokens.keep('two', { userId: 'v', sessionId: 't' }, nowSeconds + 900)
    expect(tokens.find('one')).toMatchObject(owner)
    expect(tokens.find('two')).toMatchObject({ userId: 'v', sessionId: 't' })
    expect(tokens.find('one ')).toBeUndefined()
  })

  it('are verified again after a minute', () => {
    const { tokens, advanceSeconds, nowSeconds } = setUp()
    tokens.keep('one', owner, nowSeconds + 900)
    advanceSeconds(59)
    expect(tokens.find('one')).toMatchObject(owner)
    advanceSeconds(1)
    expect(tokens.find('one')).toBeUndefined()
  })

  it('are never found past their own time', () => {
    const { tokens, advanceSeconds, nowSeconds } = setUp()
    tokens.keep('one', owner, nowSeconds + 5)
    advanceSeconds(5)
    expect(tokens.find('one')).toBeUndefined()
  })

  it('do not grow without end: the oldest goes first', () => {
    const { tokens, nowSeconds } = setUp()
    for (let index = 0; index <= 10_000; index += 1) {
      tokens.keep(`token ${index}`, owner, nowSeconds + 900)
    }
    expect(tokens.find('token 0')).toBeUndefined()
    expect(tokens.find('token 1')).toMatchObject(owner)
    expect(tokens.find('token 10000')).toMatchObject(owner)
  })
})
