import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { defineJob } from './job-definition.ts'
import { type JobsUnderTest, jobsUnderTest } from './jobs-under-test.ts'

const nightly = defineJob<Record<string, never>>('test.nightly', { unique: 'waiting' })

let test: JobsUnderTest

beforeAll(async () => {
  test = await jobsUnderTest([nightly])
})
afterEach(() => test.reset())
afterAll(() => test.close())

describe('schedules', () => {
  it('are told with their next time, in UTC, and enqueue at the start what wants it', async () => {
    const { admin } = test.sender()
    const worker = await test.worker()
    await worker.schedule(nightly, '30 2 * * *', {}, { atStart: true })
    const [schedule] = await admin.schedules()
    expect(schedule).toMatchObject({ job: 'test.nightly', cron: '30 2 * * *' })
    expect(schedule?.nextAt?.toISOString()).toMatch(/T02:30:00\.000Z$/)
    expect(await admin.list({ limit: 5 })).toMatchObject([{ state: 'waiting' }])
  })

  it('are left to others by a worker that is told so', async () => {
    const worker = await test.worker({ schedules: false })
    await worker.schedule(nightly, '31 2 * * *', {}, { atStart: true })
    const { admin } = test.sender()
    expect(await admin.list({ limit: 5 })).toEqual([])
    expect((await admin.schedules()).map(({ cron }) => cron)).not.toContain('31 2 * * *')
  })

  it('of jobs that there are no more are dropped', async () => {
    const worker = await test.worker()
    await worker.schedule(nightly, '30 2 * * *', {})
    await test.db
      .withSchema('pgboss')
      .insertInto('queue')
      .columns([
        'name',
        'policy',
        'retry_limit',
        'retry_delay',
        'retry_backoff',
        'expire_seconds',
        'retention_seconds',
        'deletion_seconds',
        'partition',
        'table_name',
      ])
      .expression((query) =>
        query
          .selectFrom('queue')
          .select((select) => [
            select.val('test.gone').as('name'),
            'policy',
            'retry_limit',
            'retry_delay',
            'retry_backoff',
            'expire_seconds',
            'retention_seconds',
            'deletion_seconds',
            'partition',
            'table_name',
          ])
          .where('name', '=', 'test.nightly'),
      )
      .execute()
    await test.db
      .withSchema('pgboss')
      .insertInto('schedule')
      .values({ name: 'test.gone', cron: '* * * * *' })
      .execute()
    await test.worker()
    const schedules = await test.sender().admin.schedules()
    expect(schedules.map(({ job }) => job)).toEqual(['test.nightly'])
  })
})
