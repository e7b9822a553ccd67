import { describe, expect, it } from 'vitest'
import { breaker } from './breaker.ts'

const RETRY = { firstMs: 1, maxMs: 8, steadyAfterMs: 1_000 }

function setUp() {
  const state = { isDown: false, left: 0, probes: 0, changes: [] as boolean[] }
  const tested = breaker({
    async probe() {
      state.probes += 1
      if (state.isDown) throw new Error('down')
    },
    isBehind: () => state.left-- > 0,
    onChange: (isClosed) => state.changes.push(isClosed),
    retry: RETRY,
  })
  return { state, tested }
}

describe('breaker', () => {
  it('begins open, and is closed by the first probe that succeeds', async () => {
    const { state, tested } = setUp()
    state.isDown = true
    expect(tested.isClosed).toBe(false)
    tested.tryNow()
    await expect.poll(() => state.probes).toBeGreaterThan(3)
    expect(tested.isClosed).toBe(false)
    state.isDown = false
    await expect.poll(() => tested.isClosed).toBe(true)
    expect(state.changes).toEqual([true])
  })

  it('tells once that it opened, however many fail at once', async () => {
    const { state, tested } = setUp()
    tested.tryNow()
    await expect.poll(() => tested.isClosed).toBe(true)
    state.isDown = true
    for (let at = 0; at < 5; at += 1) tested.open()
    expect(tested.isClosed).toBe(false)
    expect(state.changes).toEqual([true, false])
    tested.stop()
  })

  it('stays open as long as something is left to make good', async () => {
    const { state, tested } = setUp()
    state.left = 3
    tested.tryNow()
    await expect.poll(() => tested.isClosed).toBe(true)
    expect(state.probes).toBe(4)
  })

  it('probes no more once it is stopped', async () => {
    const { state, tested } = setUp()
    state.isDown = true
    tested.tryNow()
    await expect.poll(() => state.probes).toBeGreaterThan(1)
    tested.stop()
    const { probes } = state
    tested.tryNow()
    tested.open()
    const until = performance.now() + 30
    await expect.poll(() => performance.now(), { interval: 5 }).toBeGreaterThan(until)
    expect(state.probes).toBe(probes)
    expect(tested.isClosed).toBe(false)
  })
})
