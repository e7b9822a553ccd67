import { setImmediate as nextTurn } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { loopTurn } from './loop-turn.ts'

describe('a turn of the event loop', () => {
  it('lasts from the first that asks in it, whoever comes later', () => {
    let nowMs = 100
    const turn = loopTurn(() => nowMs)
    turn.begun()
    nowMs = 107
    turn.begun()
    nowMs = 112
    expect(turn.lastedMs()).toBe(12)
  })

  it('is over when the loop goes round', async () => {
    let nowMs = 100
    const turn = loopTurn(() => nowMs)
    turn.begun()
    await nextTurn()
    nowMs = 500
    expect(turn.lastedMs()).toBe(0)
    turn.begun()
    nowMs = 503
    expect(turn.lastedMs()).toBe(3)
  })
})
