import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { defineJob } from './job-definition.ts'
import { type JobsUnderTest, jobsUnderTest, untilAborted } from './jobs-under-test.ts'

const long = defineJob<{ text: string }>('test.long', { retryLimit: 0 })

let test: JobsUnderTest

beforeAll(async () => {
  test = await jobsUnderTest([long])
})
afterEach(() => test.reset())
afterAll(() => test.close())

async function begun(handle: (signal: AbortSignal) => Promise<void>, finishWithinMs: number) {
  const started = Promise.withResolvers<void>()
  const worker = await test.worker({ finishWithinMs })
  await worker.handle(long, async (_, { signal }) => {
    started.resolve()
    await handle(signal)
  })
  const id = (await worker.enqueue(long, { text: 'x' })) ?? ''
  await started.promise
  return { worker, id }
}

describe('a worker that stops', () => {
  it('lets its jobs end', async () => {
    const gate = Promise.withResolvers<void>()
    const { worker, id } = await begun(() => gate.promise, 5_000)
    const stopped = worker.stop()
    gate.resolve()
    await stopped
    expect(await test.sender().admin.show(id)).toMatchObject({ state: 'done', attempts: 1 })
  })

  it('returns what takes too long at once, and holds no attempt against it', async () => {
    const { worker, id } = await begun(untilAborted, 200)
    await worker.stop()
    const { admin } = test.sender()
    expect(await admin.show(id)).toMatchObject({ state: 'retrying', retryLimit: 1 })

    const seen: number[] = []
    const next = await test.worker()
    await next.handle(long, async (_, { attempt }) => void seen.push(attempt))
    await expect.poll(() => seen, { timeout: 3_000 }).toEqual([2])
  })

  it('does not wait when somebody is in a hurry', async () => {
    const { worker, id } = await begun(untilAborted, 60_000)
    const hurry = new AbortController()
    const stopped = worker.stop(hurry.signal)
    hurry.abort()
    await stopped
    expect(await test.sender().admin.show(id)).toMatchObject({ state: 'retrying' })
  })

  it('returns a job that heeds nothing, whose end then counts for nothing', async () => {
    const gate = Promise.withResolvers<void>()
    const { worker, id } = await begun(() => gate.promise, 100)
    await worker.stop()
    gate.resolve()
    expect(await test.sender().admin.show(id)).toMatchObject({ state: 'retrying' })
  })
})
