import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { defineJob } from './job-definition.ts'
import { type JobsUnderTest, jobsUnderTest } from './jobs-under-test.ts'

const JOBS = 20
const DELAY_SECONDS = 100
const failing = defineJob<{ n: number }>('test.failing', {
  retryDelaySeconds: DELAY_SECONDS,
  concurrency: 4,
})

let test: JobsUnderTest

beforeAll(async () => {
  test = await jobsUnderTest([failing])
})
afterAll(async () => {
  await test.reset()
  await test.close()
})

describe('retries', () => {
  it('of jobs that failed together do not come together', async () => {
    const worker = await test.worker()
    for (let n = 0; n < JOBS; n += 1) await worker.enqueue(failing, { n })
    const failedAt = Date.now()
    await worker.handle(failing, () => Promise.reject(new Error('all at once')))
    const { admin } = test.sender()
    const retrying = () => admin.list({ state: 'retrying', limit: 100 })
    await expect.poll(retrying, { timeout: 15_000 }).toHaveLength(JOBS)

    const pauses = (await retrying()).map(({ dueAt }) => (dueAt.getTime() - failedAt) / 1000)
    expect(Math.min(...pauses)).toBeGreaterThanOrEqual(DELAY_SECONDS - 1)
    expect(Math.max(...pauses)).toBeLessThanOrEqual(2 * DELAY_SECONDS + 15)
    // Twenty even chances lie closer together than this once in a billion times.
    expect(Math.max(...pauses) - Math.min(...pauses)).toBeGreaterThan(DELAY_SECONDS / 4)
  })

  it('that would be cut off, and so lose their chance, cannot be declared', () => {
    expect(() => defineJob('test.slow', { retryDelaySeconds: 200, retryLimit: 5 })).toThrow(
      RangeError,
    )
  })
})
