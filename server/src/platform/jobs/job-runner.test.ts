import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { defineJob } from './job-definition.ts'
import { JobBusyError, UnknownJobError } from './job-errors.ts'
import { type JobsUnderTest, jobsUnderTest, untilAborted } from './jobs-under-test.ts'

const once = defineJob<{ text?: string }>('test.once', { unique: 'waiting_and_running' })
const many = defineJob<{ text?: string }>('test.many')
const never = new AbortController().signal

let test: JobsUnderTest

beforeAll(async () => {
  test = await jobsUnderTest([once, many])
})
afterEach(() => test.reset())
afterAll(() => test.close())

describe('a job run by name', () => {
  it('runs here and is told of like any other', async () => {
    const runner = await test.runner()
    const seen: string[] = []
    await runner.handle(many, async ({ text = '' }, { progress }) => {
      seen.push(text)
      progress(1, 1)
    })
    expect(await runner.run('test.many', { text: 'hola' }, never)).toBe('ok')
    expect(seen).toEqual(['hola'])
    expect(await test.sender().admin.list({ limit: 5 })).toMatchObject([
      { job: 'test.many', state: 'done', progress: { done: 1, total: 1 } },
    ])
  })

  it('goes on with one that waits already, failed attempts counted', async () => {
    const runner = await test.runner()
    const attempts: number[] = []
    await runner.handle(once, async (_, { attempt }) => {
      attempts.push(attempt)
      if (attempt === 1) throw new Error('first time')
    })
    expect(await runner.run('test.once', {}, never)).toBe('failed')
    expect(await runner.run('test.once', {}, never)).toBe('ok')
    expect(attempts).toEqual([1, 2])
  })

  it('is refused while it runs elsewhere and may run only once', async () => {
    const begun = Promise.withResolvers<void>()
    const gate = Promise.withResolvers<void>()
    const worker = await test.worker()
    await worker.handle(once, async () => {
      begun.resolve()
      await gate.promise
    })
    await worker.enqueue(once, {})
    await begun.promise

    const runner = await test.runner()
    await runner.handle(once, async () => undefined)
    await expect(runner.run('test.once', {}, never)).rejects.toThrow(JobBusyError)
    // Nor does the refused one wait.
    expect(await runner.enqueue(once, {})).toEqual(expect.any(String))
    gate.resolve()
  })

  it('is returned to the queue when this process is told to stop', async () => {
    const runner = await test.runner()
    const stop = new AbortController()
    await runner.handle(many, (_, { signal }) => {
      stop.abort()
      return untilAborted(signal)
    })
    expect(await runner.run('test.many', {}, stop.signal)).toBe('returned')
    expect(await test.sender().admin.list({ limit: 5 })).toMatchObject([{ state: 'retrying' }])
  })

  it('is stopped when somebody cancels it', async () => {
    const runner = await test.runner()
    const { admin } = test.sender()
    await runner.handle(many, async ({ text }, { jobId, signal }) => {
      if (text === 'cancel') await admin.cancel(jobId)
      await delay(10_000, undefined, { signal })
    })
    expect(await runner.run('test.many', { text: 'cancel' }, never)).toBe('revoked')
  })

  it('must be one that there is', async () => {
    const runner = await test.runner()
    await runner.handle(many, async () => undefined)
    await expect(runner.run('test.none', {}, never)).rejects.toThrow(UnknownJobError)
  })
})
