import { Client } from 'pg'
import { v7 as uuidv7 } from 'uuid'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createTestApp, type TestApp } from '#test'

const SOON = { timeout: 30_000 }
const OLD_MONTH = 'analytics_event_2020_02'

let test: TestApp
let client: Client
beforeAll(async () => {
  test = await createTestApp({ env: { WORKER_SCHEDULES: 'off', ANALYTICS_RETENTION_MONTHS: '1' } })
  client = new Client({ connectionString: test.database.url })
  await client.connect()
})
afterAll(async () => {
  await client.end()
  await test.close()
})

/** An event of long ago that nobody has passed on: its workers were away for all that time. */
async function storeOldEvent(): Promise<string> {
  const id = uuidv7()
  await client.query(`select analytics_event_add_month('2020-02-01')`)
  await client.query(
    `insert into analytics_event (id, type, version, user_id, occurred_at, received_at, payload)
     values ($1, 'app.opened', 1, $1, '2020-02-03', '2020-02-03', '{}')`,
    [id],
  )
  return id
}

async function keepMonths(): Promise<void> {
  const runner = await test.system.jobRunner()
  await runner.run('analytics.partitions', {}, new AbortController().signal)
  await runner.stop()
}

const isThere = async () =>
  (await client.query('select from pg_class where relname = $1', [OLD_MONTH])).rowCount === 1

it('drops no month of events before the lake has it', async () => {
  const id = await storeOldEvent()
  await keepMonths()
  expect(await isThere()).toBe(true)

  const worker = await test.system.jobWorker()
  const inLake = async () => {
    const { rows } = await test.system.lake.query('select id::varchar from events', { maxRows: 9 })
    return rows.flat()
  }
  await expect.poll(inLake, SOON).toEqual([id])
  await worker.stop()

  await keepMonths()
  expect(await isThere()).toBe(false)
}, 60_000)
