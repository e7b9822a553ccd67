import { describe, expect, it } from 'vitest'
import { gentlePace } from './pace.ts'

function paced(share: number) {
  let nowMs = 0
  const pauses: number[] = []
  const stop = new AbortController()
  const pace = gentlePace({
    share,
    maxPauseMs: 1_000,
    signal: stop.signal,
    nowMs: () => nowMs,
    pause: async (ms) => void pauses.push(ms),
  })
  const work = (tookMs: number) => async () => {
    nowMs += tookMs
    return tookMs
  }
  return { pace, pauses, work, stop }
}

describe('gentlePace', () => {
  it('waits in proportion to the time that work takes, so that overload slows it down', async () => {
    const { pace, pauses, work } = paced(0.25)
    expect(await pace(work(10))).toBe(10)
    await pace(work(200))
    await pace(work(5_000))
    expect(pauses).toEqual([30, 600, 1_000])
  })

  it('does not wait where all of the time is its own', async () => {
    const { pace, pauses, work } = paced(1)
    await pace(work(500))
    expect(pauses).toEqual([0])
  })

  it('begins nothing after it is told to stop', async () => {
    const { pace, work, stop } = paced(0.5)
    stop.abort(new Error('stopped'))
    await expect(pace(work(1))).rejects.toThrow('stopped')
  })
})
