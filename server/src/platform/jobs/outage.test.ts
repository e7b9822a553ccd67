import { sql } from 'kysely'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type FaultProxy, startFaultProxy } from '../../../test/faults/fault-proxy.ts'
import { defineJob } from './job-definition.ts'
import { type JobsUnderTest, jobsUnderTest } from './jobs-under-test.ts'

const held = defineJob<{ n: number }>('test.held', { retryDelaySeconds: 1 })
/** Silent for fifteen seconds, a connection is given up, and its job taken again. */
const RECOVERS = { timeout: 45_000, interval: 100 }

let test: JobsUnderTest
let proxy: FaultProxy

beforeAll(async () => {
  test = await jobsUnderTest([held])
  proxy = await startFaultProxy({ targetPort: Number(new URL(test.url).port) })
  await sql`create table effect (n int not null)`.execute(test.db)
})
afterEach(() => test.reset())
afterAll(async () => {
  await proxy.close()
  await test.close()
})

/** A worker that has begun a job; its handler waits for the gate, then has its effect once. */
async function begun(n: number, databaseUrl = test.url) {
  const gate = Promise.withResolvers<void>()
  const started = Promise.withResolvers<void>()
  const worker = await test.worker({ databaseUrl })
  await worker.handle(held, async (payload, { completeWithin }) => {
    started.resolve()
    await gate.promise
    await test.db.transaction().execute(async (trx) => {
      await sql`insert into effect values (${payload.n})`.execute(trx)
      await completeWithin(trx)
    })
  })
  const { admin, enqueue } = test.sender()
  const id = (await enqueue(held, { n })) ?? ''
  await started.promise
  return { gate, id, admin, enqueue }
}

async function effectsOf(n: number): Promise<number> {
  const { rows } = await sql`select from effect where n = ${n}`.execute(test.db)
  return rows.length
}

/** Of the worker, with the server. */
async function sessions(): Promise<number[]> {
  const { rows } = await sql<{ pid: number }>`
    select pid from pg_stat_activity
    where datname = current_database() and application_name = 'music-language jobs worker'
  `.execute(test.db)
  return rows.map(({ pid }) => pid)
}

describe('a worker whose connections all break while a job runs', () => {
  it('keeps the job, ends it once, and takes the next', async () => {
    const { gate, id, admin, enqueue } = await begun(1)
    expect(await test.cutConnections()).toBeGreaterThanOrEqual(2)
    // And those that have taken their place meanwhile.
    await test.cutConnections()
    gate.resolve()
    const state = async (jobId: string) => (await admin.show(jobId))?.state
    await expect.poll(() => state(id), RECOVERS).toBe('done')
    const next = (await enqueue(held, { n: 2 })) ?? ''
    await expect.poll(() => state(next), RECOVERS).toBe('done')
    expect(await admin.show(id)).toMatchObject({ attempts: 1 })
    expect([await effectsOf(1), await effectsOf(2)]).toEqual([1, 1])
  })
})

describe('a worker whose server falls silent', () => {
  it('gives its connections up, and goes on by new ones; the effect is there once', async () => {
    const direct = new URL(test.url)
    direct.port = String(proxy.port)
    const { gate, id, admin, enqueue } = await begun(3, direct.href)
    const before = await sessions()
    proxy.set({ toClient: { blackhole: true } })
    // Nobody else ends them: only who waited in vain.
    const left = async () => (await sessions()).filter((pid) => before.includes(pid))
    await expect.poll(left, RECOVERS).toEqual([])
    proxy.set({})
    gate.resolve()
    const state = async (jobId: string) => (await admin.show(jobId))?.state
    await expect.poll(() => state(id), RECOVERS).toBe('done')
    const next = (await enqueue(held, { n: 4 })) ?? ''
    await expect.poll(() => state(next), RECOVERS).toBe('done')
    expect([await effectsOf(3), await effectsOf(4)]).toEqual([1, 1])
  }, 120_000)
})
