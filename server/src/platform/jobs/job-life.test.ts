import { Type } from 'typebox'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { defineJob } from './job-definition.ts'
import { InvalidPayloadError } from './job-errors.ts'
import { type JobsUnderTest, jobsUnderTest, untilAborted } from './jobs-under-test.ts'

const long = defineJob<{ text: string }>('test.long', { concurrency: 2 })
const strict = defineJob('test.strict', {
  schema: Type.Object({ text: Type.String({ maxLength: 5 }) }),
})
const poison = defineJob<{ text: string }>('test.poison', { retryLimit: 0 })

let test: JobsUnderTest

beforeAll(async () => {
  test = await jobsUnderTest([long, strict, poison])
})
afterEach(() => test.reset())
afterAll(() => test.close())

describe('a job', () => {
  it('that is cancelled while it waits never runs', async () => {
    const queue = test.sender()
    const seen: string[] = []
    const id = await queue.enqueue(long, { text: 'dropped' })
    await queue.enqueue(long, { text: 'kept' })
    expect(await queue.admin.cancel(id ?? '')).toBe(true)

    const worker = await test.worker()
    await worker.handle(long, async ({ text }) => void seen.push(text))
    await expect.poll(() => seen, { timeout: 5_000 }).toEqual(['kept'])
    expect(await queue.admin.show(id ?? '')).toMatchObject({ state: 'cancelled', attempts: 0 })
    expect(await queue.admin.cancel(id ?? 'x')).toBe(true)
    expect(await queue.admin.cancel('no-such-job')).toBe(false)
  })

  it('that is cancelled while it runs is told within seconds, and not tried again', async () => {
    const ended = Promise.withResolvers<unknown>()
    const queue = test.sender()
    const worker = await test.worker()
    await worker.handle(long, (_, { signal }) =>
      untilAborted(signal).catch((error: unknown) => {
        ended.resolve(error)
        throw error
      }),
    )
    const id = (await queue.enqueue(long, { text: 'x' })) ?? ''
    await expect.poll(async () => (await queue.admin.show(id))?.state).toBe('running')

    const cancelledAt = performance.now()
    await queue.admin.cancel(id)
    await ended.promise
    expect(performance.now() - cancelledAt).toBeLessThan(3_000)
    await worker.stop()
    expect(await queue.admin.show(id)).toMatchObject({ state: 'cancelled' })
  })

  it('tells how far it is while it runs, and how far it came', async () => {
    const gate = Promise.withResolvers<void>()
    const queue = test.sender()
    const worker = await test.worker()
    await worker.handle(long, async (_, { progress }) => {
      progress(3, 10, 'three')
      await gate.promise
      progress(10, 10)
    })
    const id = (await queue.enqueue(long, { text: 'x' })) ?? ''
    const progress = async () => (await queue.admin.show(id))?.progress
    await expect.poll(progress, { timeout: 5_000 }).toEqual({ done: 3, total: 10, note: 'three' })
    gate.resolve()
    await expect.poll(progress, { timeout: 5_000 }).toEqual({ done: 10, total: 10 })
    expect(await queue.admin.show(id)).toMatchObject({ state: 'done', attempts: 1, error: null })
  })

  it('with a payload that is not valid is refused, or dead at once', async () => {
    const queue = test.sender()
    await expect(queue.enqueue(strict, { text: 'too long' })).rejects.toThrow(InvalidPayloadError)
    await expect(queue.admin.run('test.strict', { text: 7 })).rejects.toThrow('/text')

    const worker = await test.worker()
    const seen: string[] = []
    await worker.handle(strict, async ({ text }) => void seen.push(text))
    const id = (await queue.enqueue(strict, { text: 'ok' }, { delaySeconds: 60 })) ?? ''
    // As another release would have written it.
    await test.db
      .withSchema('pgboss')
      .updateTable('job')
      .set({ data: JSON.stringify({ other: 1 }), start_after: new Date() })
      .where('id', '=', id)
      .execute()
    const dead = () => queue.admin.list({ state: 'dead', limit: 5 })
    await expect.poll(dead, { timeout: 5_000 }).toHaveLength(1)
    expect(await dead()).toMatchObject([
      { job: 'test.strict', error: expect.stringContaining('valid') },
    ])
    expect(await queue.admin.show(id)).toMatchObject({ state: 'failed', attempts: 1 })
    expect(seen).toEqual([])
  })

  it('that is dead is tried again when an operator says so', async () => {
    let healed = false
    const seen: string[] = []
    const queue = test.sender()
    const worker = await test.worker()
    await worker.handle(poison, async ({ text }) => {
      if (!healed) throw new Error('always')
      seen.push(text)
    })
    for (const text of ['one', 'two']) await queue.enqueue(poison, { text })
    const dead = () => queue.admin.list({ job: 'test.poison', state: 'dead', limit: 5 })
    await expect.poll(dead, { timeout: 10_000 }).toHaveLength(2)
    const [first] = await dead()
    expect(first).toMatchObject({ error: 'always' })

    healed = true
    expect(await queue.admin.redrive('test.poison', [first?.jobId ?? ''])).toBe(1)
    await expect.poll(() => seen, { timeout: 5_000 }).toHaveLength(1)
    expect(await queue.admin.redrive('test.poison')).toBe(1)
    await expect.poll(() => seen.toSorted(), { timeout: 5_000 }).toEqual(['one', 'two'])
    await expect(queue.admin.redrive('test.none')).rejects.toThrow('There is no job')
  })
})
