import { randomBytes, randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { backups, compose } from '#compose'
import {
  createTestApp,
  createTestDatabase,
  startTestSandbox,
  type TestApp,
  type TestDatabase,
  type TestSandbox,
} from '#test'
import { playFlows, recommend, signIn } from '../migrations/play-flows.ts'
import { seedSmallHistory } from '../migrations/small-history.ts'
import { sandboxControl } from '../music/sandbox-control.ts'

const WRITERS = 4
const PATIENCE = { timeout: 10_000, interval: 20 }
const key = () => randomBytes(32).toString('base64')
const secrets = { APP_SECRET: key(), TOKEN_ENCRYPTION_KEYS: `test:${key()}` }

let sandbox: TestSandbox
let test: TestApp
let target: TestDatabase
let folder: string
beforeAll(async () => {
  sandbox = await startTestSandbox()
  test = await createTestApp({ env: { ...secrets, ...sandbox.env } })
  await seedSmallHistory(test.system)
  target = await createTestDatabase()
  folder = await mkdtemp(join(tmpdir(), 'backup-drill-'))
})
afterAll(async () => {
  await test.close()
  await sandbox.close()
  await target.drop()
  await rm(folder, { recursive: true })
})

async function ask<Row extends object>(url: string, sql: string): Promise<Row[]> {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query<Row>(sql)).rows
  } finally {
    await client.end()
  }
}

/** Writes until told to stop: an account and an event of it, always both in one transaction. */
async function writeUntil(
  stop: AbortSignal,
  database: string,
  onCommit: () => void,
): Promise<void> {
  const client = new Client({ connectionString: database })
  await client.connect()
  try {
    while (!stop.aborted) {
      const userId = randomUUID()
      await client.query('begin')
      await client.query(
        `insert into user_account (id, email, password_hash, created_at, updated_at)
         values ($1, $2, 'none', now(), now())`,
        [userId, `${userId}@example.org`],
      )
      await client.query(
        `insert into outbox_message (id, topic, key, schema_version, payload, occurred_at)
         values ($1, 'user.erased', $2, 1, '{}', now())`,
        [userId, userId],
      )
      await client.query('commit')
      onCommit()
    }
  } finally {
    await client.end()
  }
}

describe('a backup that is made while the service is in use', () => {
  it('comes back as a service that works, as of one moment', async () => {
    const url = await test.app.listen({ host: '127.0.0.1', port: 0 })
    const [listener] = await sandboxControl(sandbox.url).listeners()
    const user = await playFlows(url, listener?.id ?? '')

    expect(user.recommended).not.toEqual([])
    const stop = new AbortController()
    let committed = 0
    const writing = Array.from({ length: WRITERS }, () =>
      writeUntil(stop.signal, test.database.url, () => {
        committed += 1
      }),
    )
    await expect.poll(() => committed, PATIENCE).toBeGreaterThan(20)
    const committedBefore = committed
    const all = backups(test.config)
    const place = join(folder, 'backup')
    const onProgress = () => undefined
    const manifest = await all.create({ to: place, withObjects: true, onProgress })
    const committedAfter = committed
    stop.abort()
    await Promise.all(writing)

    const { counts } = await all.restore({
      from: place,
      into: target.url,
      withObjects: false,
      onProgress,
    })
    await all.close()

    // Between what was certain before and what could be there after; each transaction whole.
    const [whole] = await ask<{ accounts: string; messages: string; half: string }>(
      target.url,
      `select count(a.id) as accounts, count(m.id) as messages,
         count(*) filter (where a.id is null or m.id is null) as half
       from (select id from user_account where password_hash = 'none') as a
       full join outbox_message as m using (id)`,
    )
    expect(Number(whole?.accounts)).toBeGreaterThanOrEqual(committedBefore)
    expect(Number(whole?.accounts)).toBeLessThanOrEqual(committedAfter + WRITERS)
    expect(whole?.half).toBe('0')
    expect(counts).toEqual(
      Object.fromEntries(manifest.tables.map(({ table, rows }) => [table, rows])),
    )
    expect(manifest.objects?.length).toBeGreaterThan(0)
    expect(committedAfter).toBeGreaterThan(committedBefore)

    const database = { ...test.config.database, url: target.url, directUrl: target.url }
    const restored = compose(
      { ...test.config, database },
      { role: 'test', logger: test.system.logger },
    )
    const app = await restored.httpServer()
    const restoredUrl = await app.listen({ host: '127.0.0.1', port: 0 })
    const signedIn = await signIn(restoredUrl, user.email, user.password)
    expect(signedIn.status).toBe(200)
    expect(await recommend(restoredUrl, user.accessToken)).toMatchObject({
      status: 200,
      titles: user.recommended,
    })
    await app.close()
    await restored.close()
  })
})
