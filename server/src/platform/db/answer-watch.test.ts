import { describe, expect, it } from 'vitest'
import { answerWatch } from './answer-watch.ts'

const TIMES = { quietMs: 5, retryMs: 5 }
const LOST = { code: '08006', message: 'the database does not answer' }

/** A server that answers probes as it is told to, and those who wait for it never. */
function setUp(answers: boolean[] = []) {
  const state = { answers, probes: 0, changes: [] as boolean[] }
  const watch = answerWatch({
    async probe() {
      state.probes += 1
      return state.answers.shift() ?? false
    },
    onChange: ({ silent }) => state.changes.push(silent),
    ...TIMES,
  })
  return { state, watch }
}

const never = () => Promise.withResolvers<string>().promise

describe('who waits for a server', () => {
  it('is given what it says, and what it refuses', async () => {
    const { state, watch } = setUp()
    expect(await watch.wait(async () => 'answer')).toBe('answer')
    const refused = watch.wait(() => Promise.reject(new Error('no such table')))
    await expect(refused).rejects.toThrow('no such table')
    expect(state.probes).toBe(0)
  })

  it('waits on while it answers others, however long its own statement takes', async () => {
    const { state, watch } = setUp([true, true, false, true])
    const { promise, resolve } = Promise.withResolvers<string>()
    const waiting = watch.wait(() => promise)
    await expect.poll(() => state.answers.length, { interval: 1 }).toBe(0)
    resolve('slow')
    expect(await waiting).toBe('slow')
    expect(state.changes).toEqual([])
  })

  it('is let go with all others when it says nothing, and nobody asks until it does', async () => {
    const { state, watch } = setUp()
    const all = await Promise.allSettled([watch.wait(never), watch.wait(never)])
    expect(all).toMatchObject([{ reason: LOST }, { reason: LOST }])
    let asked = false
    const ask = async () => {
      asked = true
    }
    await expect(watch.wait(ask)).rejects.toMatchObject(LOST)
    expect(asked).toBe(false)
    state.answers = [true]
    await expect.poll(() => watch.wait(async () => 'back').catch(() => undefined)).toBe('back')
    expect(state.changes).toEqual([true, false])
  })

  it('is not let go when an answer came to somebody while it was probed', async () => {
    const probed = Promise.withResolvers<boolean>()
    const changes: boolean[] = []
    const begun = Promise.withResolvers<void>()
    const watch = answerWatch({
      probe() {
        begun.resolve()
        return probed.promise
      },
      onChange: ({ silent }) => changes.push(silent),
      ...TIMES,
    })
    const { promise, resolve } = Promise.withResolvers<string>()
    const waiting = watch.wait(() => promise)
    await begun.promise
    watch.heard()
    probed.resolve(false)
    resolve('slow')
    expect(await waiting).toBe('slow')
    expect(changes).toEqual([])
  })

  it('leaves behind what comes too late', async () => {
    const { watch } = setUp()
    const { promise, resolve } = Promise.withResolvers<string>()
    const late: string[] = []
    await expect(watch.wait(() => promise, late.push.bind(late))).rejects.toMatchObject(LOST)
    resolve('late')
    await expect.poll(() => late).toEqual(['late'])
    watch.stop()
  })

  it('has no probe made once it is stopped', async () => {
    const { state, watch } = setUp()
    await expect(watch.wait(never)).rejects.toMatchObject(LOST)
    await expect.poll(() => state.probes).toBeGreaterThan(3)
    watch.stop()
    const { probes } = state
    const untilMs = performance.now() + 40
    await expect.poll(() => performance.now(), { interval: 5 }).toBeGreaterThan(untilMs)
    expect(state.probes).toBeLessThanOrEqual(probes + 1)
  })
})
