import { describe, expect, it } from 'vitest'
import { CircuitOpenError, circuitBreaker } from './circuit-breaker.ts'

const DOWN = new Error('down')
const ANSWER = new Error('an answer that is a refusal')
const isFailure = (error: unknown) => error === DOWN

function setUp() {
  let now = 0
  let asked = 0
  const breaker = circuitBreaker({ nowMs: () => now })
  const call = (work: () => Promise<string>) =>
    breaker.run(() => {
      asked += 1
      return work()
    }, isFailure)
  return {
    call,
    fail: () => call(() => Promise.reject(DOWN)).catch((error: unknown) => error),
    asked: () => asked,
    advanceMs(ms: number) {
      now += ms
    },
  }
}

describe('a circuit breaker', () => {
  it('asks no more after five failures in a row', async () => {
    const { call, fail, asked } = setUp()
    for (let count = 0; count < 5; count += 1) expect(await fail()).toBe(DOWN)
    await expect(call(async () => 'fine')).rejects.toThrow(CircuitOpenError)
    expect(asked()).toBe(5)
  })

  it('minds no failures between which something worked', async () => {
    const { call, fail } = setUp()
    for (let count = 0; count < 20; count += 1) {
      await fail()
      if (count % 4 === 3) expect(await call(async () => 'fine')).toBe('fine')
    }
  })

  it('takes a refusal for the answer that it is', async () => {
    const { call, asked } = setUp()
    for (let count = 0; count < 10; count += 1) {
      await expect(call(() => Promise.reject(ANSWER))).rejects.toBe(ANSWER)
    }
    expect(asked()).toBe(10)
  })

  it('lets one through after a while, and all when that one worked', async () => {
    const { call, fail, advanceMs } = setUp()
    for (let count = 0; count < 5; count += 1) await fail()
    advanceMs(500)
    const { promise, resolve } = Promise.withResolvers<string>()
    const trial = call(() => promise)
    await expect(call(async () => 'fine')).rejects.toThrow(CircuitOpenError)
    resolve('fine')
    expect(await trial).toBe('fine')
    expect(await Promise.all([call(async () => 'a'), call(async () => 'b')])).toEqual(['a', 'b'])
  })

  it('waits longer each time the one that was let through fails', async () => {
    const { fail, asked, advanceMs } = setUp()
    for (let count = 0; count < 5; count += 1) await fail()
    advanceMs(500)
    expect(await fail()).toBe(DOWN)
    advanceMs(999)
    expect(await fail()).toBeInstanceOf(CircuitOpenError)
    advanceMs(1)
    expect(await fail()).toBe(DOWN)
    expect(asked()).toBe(7)
  })
})
