import { Client } from 'pg'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createTestApp, type TestApp } from '#test'

let test: TestApp
let client: Client
beforeAll(async () => {
  test = await createTestApp({ startAt: new Date('2027-05-03T00:00:00Z') })
  client = new Client({ connectionString: test.database.url })
  await client.connect()
})
afterAll(async () => {
  await client.end()
  await test.close()
})

it('the job makes the months that are needed', async () => {
  const runner = await test.system.jobRunner()
  await runner.run('analytics.partitions', {}, new AbortController().signal)
  await runner.stop()
  const { rows } = await client.query<{ name: string }>(
    `select inhrelid::regclass::text as name from pg_inherits
     where inhparent = 'analytics_event'::regclass order by name`,
  )
  expect(rows.map(({ name }) => name)).toEqual(
    expect.arrayContaining(
      ['2027_04', '2027_05', '2027_06', '2027_07'].map((month) => `analytics_event_${month}`),
    ),
  )
})
