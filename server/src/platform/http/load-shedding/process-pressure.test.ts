import { afterEach, describe, expect, it } from 'vitest'
import { pressureRefusal, watchProcess } from './process-pressure.ts'

describe('a process under pressure', () => {
  it.each([
    [50, []],
    [150, ['bulk']],
    [500, ['bulk', 'normal', 'intake']],
    [3_000, ['bulk', 'normal', 'intake', 'critical']],
  ] as const)('whose event loop is %i ms late refuses %j', (loopDelayMs, refused) => {
    const priorities = ['bulk', 'normal', 'intake', 'critical'] as const
    const found = priorities.filter(
      (priority) => pressureRefusal({ loopDelayMs, heapUsed: 0.1 }, priority) === 'event_loop',
    )
    expect(found).toEqual(refused)
  })

  it('whose heap is nearly full refuses all but what is critical', () => {
    const state = { loopDelayMs: 0, heapUsed: 0.95 }
    expect(pressureRefusal(state, 'normal')).toBe('memory')
    expect(pressureRefusal(state, 'critical')).toBeUndefined()
  })
})

describe('watching this process', () => {
  const watch = watchProcess()
  afterEach(watch.stop)

  it('sees an event loop that was blocked, and a heap in use', async () => {
    await expect.poll(() => watch.state().heapUsed).toBeGreaterThan(0)
    const untilMs = performance.now() + 600
    while (performance.now() < untilMs);
    await expect.poll(() => watch.state().loopDelayMs).toBeGreaterThan(20)
  })
})
