import { once } from 'node:events'
import { Client } from 'pg'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { createTestDatabase, type TestDatabase } from '#test'
import { silent } from './event-world.ts'
import { type Leadership, leadership } from './leadership.ts'

let database: TestDatabase
let admin: Client
const started: { stop(): Promise<void> }[] = []

beforeAll(async () => {
  database = await createTestDatabase()
  admin = new Client({ connectionString: database.url })
  await admin.connect()
})
afterEach(async () => {
  await Promise.all(started.splice(0).map((one) => one.stop()))
})
afterAll(async () => {
  await admin.end()
  await database.drop()
})

/** A process that wants to lead, and tells of each time that it does. */
function candidate(name: string, options: { frozenAfterMs?: number } = {}) {
  const member: Leadership = leadership({
    databaseUrl: database.url,
    applicationName: name,
    logger: silent,
    retryMs: 20,
    heartbeatMs: 50,
    ...options,
  })
  const stopping = new AbortController()
  const terms: AbortSignal[] = []
  const leading = member.lead(
    'the work',
    async (signal) => {
      terms.push(signal)
      if (!signal.aborted) await once(signal, 'abort')
    },
    stopping.signal,
  )
  const leads = () => terms.at(-1)?.aborted === false
  const stop = async () => {
    stopping.abort()
    await leading
    await member.close()
  }
  started.push({ stop })
  return { leads, terms, stop }
}

const cut = (name: string) =>
  admin.query(
    'select pg_terminate_backend(pid) from pg_stat_activity where application_name = $1',
    [name],
  )

it('lets one of two lead', async () => {
  const first = candidate('first')
  await expect.poll(first.leads).toBe(true)
  const second = candidate('second')
  // It has asked several times by then.
  await expect
    .poll(async () => {
      const { rows } = await admin.query(
        `select 1 from pg_stat_activity where application_name = 'second' and query like '%pg_terminate%'`,
      )
      return rows.length
    })
    .toBe(1)
  expect([first.leads(), second.leads()]).toEqual([true, false])
})

it('passes on when the leader stops', async () => {
  const first = candidate('first')
  await expect.poll(first.leads).toBe(true)
  const second = candidate('second')
  await first.stop()
  await expect.poll(second.leads).toBe(true)
  expect(first.leads()).toBe(false)
})

it('ends at once when the connection is lost, and comes back', async () => {
  const only = candidate('first')
  await expect.poll(only.leads).toBe(true)
  await cut('first')
  await expect.poll(() => only.terms[0]?.aborted).toBe(true)
  await expect.poll(only.leads).toBe(true)
  expect(only.terms).toHaveLength(2)
})

it('takes over from one that is frozen', async () => {
  const frozen = new Client({ connectionString: database.url, application_name: 'frozen' })
  const gone = new Promise((resolve) => frozen.on('error', resolve))
  await frozen.connect()
  await frozen.query(`select pg_advisory_lock(7320010, hashtext('the work'))`)
  const heir = candidate('heir', { frozenAfterMs: 300 })
  await expect.poll(heir.leads, { timeout: 5_000 }).toBe(true)
  await gone
})
