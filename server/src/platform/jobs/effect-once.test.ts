import { sql } from 'kysely'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { defineJob } from './job-definition.ts'
import { type JobsUnderTest, jobsUnderTest } from './jobs-under-test.ts'

const effective = defineJob<{ n: number }>('test.effective', { retryDelaySeconds: 1 })

let test: JobsUnderTest

beforeAll(async () => {
  test = await jobsUnderTest([effective])
  await sql`create table effect (n int not null)`.execute(test.db)
})
afterEach(() => test.reset())
afterAll(() => test.close())

async function effectsOf(n: number): Promise<number> {
  const { rows } = await sql<{ found: number }>`
    select count(*)::int as found from effect where n = ${n}`.execute(test.db)
  return rows[0]?.found ?? 0
}

describe('a job that ends in the transaction of its effect', () => {
  it('is done with it, whatever becomes of its handler after', async () => {
    const { admin } = test.sender()
    const worker = await test.worker()
    let attempts = 0
    await worker.handle(effective, async ({ n }, { completeWithin, progress }) => {
      attempts += 1
      progress(1, 1)
      await test.db.transaction().execute(async (trx) => {
        await sql`insert into effect values (${n})`.execute(trx)
        await completeWithin(trx)
      })
      throw new Error('too late to matter')
    })
    const id = (await worker.enqueue(effective, { n: 1 })) ?? ''
    await expect.poll(async () => (await admin.show(id))?.state, { timeout: 5_000 }).toBe('done')
    await worker.stop()
    expect(await admin.show(id)).toMatchObject({ state: 'done', attempts: 1, error: null })
    expect(await admin.show(id)).toMatchObject({ progress: { done: 1, total: 1 } })
    expect([attempts, await effectsOf(1)]).toEqual([1, 1])
  })

  it('is not done when the transaction fails, and is tried again', async () => {
    const { admin } = test.sender()
    const worker = await test.worker()
    await worker.handle(effective, async ({ n }, { attempt, completeWithin }) => {
      await test.db.transaction().execute(async (trx) => {
        await sql`insert into effect values (${n})`.execute(trx)
        await completeWithin(trx)
        if (attempt === 1) throw new Error('before the commit')
      })
    })
    const id = (await worker.enqueue(effective, { n: 2 })) ?? ''
    await expect.poll(async () => (await admin.show(id))?.state, { timeout: 10_000 }).toBe('done')
    expect(await admin.show(id)).toMatchObject({ attempts: 2 })
    expect(await effectsOf(2)).toBe(1)
  })

  it('has no effect when it was cancelled in its middle', async () => {
    const { admin } = test.sender()
    const worker = await test.worker()
    const ended = Promise.withResolvers<unknown>()
    await worker.handle(effective, async ({ n }, { jobId, completeWithin }) => {
      await test.db
        .transaction()
        .execute(async (trx) => {
          await sql`insert into effect values (${n})`.execute(trx)
          await admin.cancel(jobId)
          await completeWithin(trx)
        })
        .catch((error: unknown) => {
          ended.resolve(error)
          throw error
        })
    })
    const id = (await worker.enqueue(effective, { n: 3 })) ?? ''
    expect(await ended.promise).toMatchObject({ name: 'JobRevokedError' })
    await worker.stop()
    expect(await admin.show(id)).toMatchObject({ state: 'cancelled' })
    expect(await effectsOf(3)).toBe(0)
  })
})
