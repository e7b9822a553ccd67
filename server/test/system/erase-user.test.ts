import { Client } from 'pg'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { consentingUser, createTestApp, outcomesOf, playedEvent, type TestApp } from '#test'
import { programs } from './program.ts'

const SOON = { timeout: 30_000 }
const TEST_TIMEOUT_MS = 60_000

const { run, close } = programs()

let test: TestApp
let client: Client
let worker: { stop(): Promise<void> } | undefined
beforeAll(async () => {
  test = await createTestApp({ env: { WORKER_SCHEDULES: 'off' } })
  client = new Client({ connectionString: test.database.url })
  await client.connect()
})
afterEach(async () => {
  await stopWorker()
})
afterAll(async () => {
  await close()
  await client.end()
  await test.close()
})

async function startWorker(): Promise<void> {
  worker = await test.system.jobWorker()
}

async function stopWorker(): Promise<void> {
  await worker?.stop()
  worker = undefined
}

const cli = (...args: string[]) =>
  run(['cli', ...args], { DATABASE_URL: test.database.url, DATA_DIR: test.config.dataDir })

const inTable = async (userId: string) =>
  (await client.query('select from analytics_event where user_id = $1', [userId])).rowCount

/** Events of each user in the Parquet files that make up the lake. */
async function inLake(): Promise<Map<unknown, unknown>> {
  const { rows } = await test.system.lake.query(
    'select user_id::varchar, count(*)::integer from events group by user_id',
    { maxRows: 100 },
  )
  return new Map(rows.map(([userId, events]) => [userId, events]))
}

const lakeObjects = async () =>
  (await Array.fromAsync(test.system.objects.list('lake/'))).map(({ key }) => key)

describe('cli data erase-user', { timeout: TEST_TIMEOUT_MS }, () => {
  it('deletes a user’s events at once, and from the lake’s files with the worker’s next run', async () => {
    const [user, other] = [await consentingUser(test), await consentingUser(test)]
    const played = Array.from({ length: 3 }, () => playedEvent())
    await outcomesOf(test, user, played)
    await outcomesOf(test, other, [playedEvent()])
    await startWorker()
    await expect
      .poll(inLake, SOON)
      .toEqual(new Map([user, other].map(({ userId }, n) => [userId, n === 0 ? 3 : 1])))
    await stopWorker()
    const before = await lakeObjects()

    const erased = await cli('--json', 'data', 'erase-user', user.userId)
    expect(erased).toMatchObject({ code: 0, stderr: '' })
    expect(JSON.parse(erased.stdout)).toEqual({ userId: user.userId, events: 3 })
    expect(await inTable(user.userId)).toBe(0)
    expect(await inTable(other.userId)).toBe(1)
    expect((await inLake()).get(user.userId)).toBe(3)

    await startWorker()
    await expect.poll(inLake, SOON).toEqual(new Map([[other.userId, 1]]))
    // The objects themselves are others now, or gone: nothing of the user is left on the disk.
    await expect
      .poll(async () => (await lakeObjects()).filter((key) => before.includes(key)), SOON)
      .toEqual([])
  })

  it('says how many there were, and that the lake follows', async () => {
    const user = await consentingUser(test)
    await outcomesOf(test, user, [playedEvent()])
    const { stdout } = await cli('data', 'erase-user', user.userId.toUpperCase())
    expect(stdout).toBe(
      `Deleted 1 event of ${user.userId}.\nThe next run of a worker takes them out of the lake, too.\n`,
    )
    const again = await cli('data', 'erase-user', user.userId)
    expect(again).toMatchObject({ code: 0 })
    expect(again.stdout).toContain(`Deleted 0 events of ${user.userId}.`)
  })

  it('refuses what is no id of a user', async () => {
    const { code, stdout, stderr } = await cli('data', 'erase-user', 'ana@example.org')
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toContain('It must be the id of a user, a UUID.')
  })
})
