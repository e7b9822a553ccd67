import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { defineJob } from './job-definition.ts'
import { type JobsUnderTest, jobsUnderTest } from './jobs-under-test.ts'

const waiting = defineJob<{ n: number }>('test.waiting', { unique: 'waiting' })
const unfinished = defineJob<{ n: number }>('test.unfinished', { unique: 'unfinished' })
const alone = defineJob<{ n: number }>('test.alone', {
  unique: 'waiting_and_running',
  concurrency: 2,
})
const inTurn = defineJob<{ n: number }>('test.in_turn', { unique: 'running', concurrency: 2 })

let test: JobsUnderTest

beforeAll(async () => {
  test = await jobsUnderTest([waiting, unfinished, alone, inTurn])
})
afterEach(() => test.reset())
afterAll(() => test.close())

/** A handler that holds its jobs, and counts how many it holds at once. */
function holding() {
  const gate = Promise.withResolvers<void>()
  const begun: number[] = []
  let running = 0
  let most = 0
  return {
    begun,
    most: () => most,
    open: () => gate.resolve(),
    async handler({ n }: { n: number }) {
      begun.push(n)
      running += 1
      most = Math.max(most, running)
      await gate.promise
      running -= 1
    },
  }
}

describe('a unique job', () => {
  it('waits once for each key, however often it is asked for', async () => {
    const queue = test.sender()
    const ids = await Promise.all(
      Array.from({ length: 5 }, () => queue.enqueue(waiting, { n: 1 }, { key: 'a' })),
    )
    expect(ids.filter((id) => id !== null)).toHaveLength(1)
    expect(await queue.enqueue(waiting, { n: 1 }, { key: 'b' })).toEqual(expect.any(String))
  })

  it('is not asked for again while it runs, where it is to be unfinished once', async () => {
    const held = holding()
    const worker = await test.worker()
    await worker.handle(unfinished, held.handler)
    await worker.enqueue(unfinished, { n: 1 })
    await expect.poll(() => held.begun).toEqual([1])

    expect(await worker.enqueue(unfinished, { n: 2 })).toBe(null)
    held.open()
    await expect
      .poll(() => worker.enqueue(unfinished, { n: 3 }), { timeout: 5_000 })
      .toEqual(expect.any(String))
    await expect.poll(() => held.begun, { timeout: 5_000 }).toEqual([1, 3])
  })

  it('runs once in the whole fleet, and once more for what was asked meanwhile', async () => {
    const held = holding()
    const [one, other] = await Promise.all([test.worker(), test.worker()])
    await Promise.all([one.handle(alone, held.handler), other.handle(alone, held.handler)])
    await one.enqueue(alone, { n: 1 })
    await expect.poll(() => held.begun, { timeout: 5_000 }).toEqual([1])

    expect(await one.enqueue(alone, { n: 2 })).toEqual(expect.any(String))
    expect(await other.enqueue(alone, { n: 3 })).toBe(null)
    held.open()
    await expect.poll(() => held.begun, { timeout: 5_000 }).toEqual([1, 2])
    expect(held.most()).toBe(1)
  })

  it('waits in any number and runs in turn, where only running is once', async () => {
    const held = holding()
    const [one, other] = await Promise.all([test.worker(), test.worker()])
    for (const n of [1, 2, 3]) await one.enqueue(inTurn, { n })
    held.open()
    await Promise.all([one.handle(inTurn, held.handler), other.handle(inTurn, held.handler)])
    await expect
      .poll(() => held.begun.toSorted((a, b) => a - b), { timeout: 10_000 })
      .toEqual([1, 2, 3])
    expect(held.most()).toBe(1)
  })
})
