import { Client } from 'pg'
import { v7 as uuidv7 } from 'uuid'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestDatabase, type TestDatabase } from '#test'
import { programs } from './program.ts'

const { run, close } = programs()

const TEST_TIMEOUT_MS = 60_000
const eventId = uuidv7()

let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase()
  const client = new Client({ connectionString: database.url })
  await client.connect()
  const occurredAt = new Date().toISOString()
  const event = { id: eventId, topic: 'user.erased', key: 'x', occurredAt, payload: {} }
  await client.query(
    `insert into dead_event (consumer, event_id, topic, key, event, error, attempts)
     values ('lake-erasure', $1, 'user.erased', 'x', $2, 'names no user', 5)`,
    [eventId, JSON.stringify({ ...event, schemaVersion: 1 })],
  )
  await client.end()
})
afterAll(async () => {
  await close()
  await database.drop()
})

const events = (...args: string[]) =>
  run(['cli', 'events', ...args], { DATABASE_URL: database.url })

async function answerOf(...args: string[]): Promise<unknown> {
  const { stdout, stderr, code } = await events('--json', ...args)
  expect({ stderr, code }).toEqual({ stderr: '', code: 0 })
  return JSON.parse(stdout)
}

describe('cli events', { timeout: TEST_TIMEOUT_MS }, () => {
  it('tells how far each reader is', async () => {
    const none = { lagSeconds: 0, heldBackSeconds: 0 }
    expect(await answerOf('status')).toEqual({
      lags: [
        { feed: 'outbox', consumer: 'lake-erasure', ...none },
        { feed: 'analytics_event', consumer: 'lake', ...none },
      ],
    })
  })

  it('shows dead events, and has them tried again', async () => {
    expect(await answerOf('dead', '--consumer', 'lake-erasure')).toMatchObject({
      dead: [{ event: { id: eventId }, error: 'names no user', attempts: 5, redriveAt: null }],
    })
    const { stdout } = await events('redrive', '--consumer', 'lake-erasure', '--event', eventId)
    expect(stdout).toBe('1 dead event will be tried again by a worker.\n')
    expect(await answerOf('dead')).toMatchObject({ dead: [{ redriveAt: expect.any(String) }] })
  })

  it('replays to who reads a table itself, and says so when asked for a redrive', async () => {
    expect(await answerOf('replay', '--consumer', 'lake', '--since', '2026-01-01')).toEqual({
      replayed: 0,
    })
    const { code, stderr } = await events('redrive', '--consumer', 'lake')
    expect(code).toBe(1)
    expect(stderr).toContain('"events replay" gives it again what it lacks')
  })

  it('names those that there are when asked for another', async () => {
    const { code, stderr } = await events('replay', '--consumer', 'sea', '--since', '2026-01-01')
    expect(code).toBe(1)
    expect(stderr).toContain('There is: lake-erasure, lake.')
  })
})
