import { Kysely, PostgresDialect } from 'kysely'
import { Pool } from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestApp, type TestApp } from '#test'
import { activeUserStore } from './active-users.store.ts'
import type { IdentityTables } from './identity.tables.ts'

const DAY_MS = 86_400_000
const daysAgo = (days: number) => new Date(Date.now() - days * DAY_MS)

let test: TestApp
let db: Kysely<IdentityTables>

beforeAll(async () => {
  test = await createTestApp()
  const pool = new Pool({ connectionString: test.database.url, max: 2 })
  pool.on('connect', (client) => client.on('error', () => undefined))
  db = new Kysely({ dialect: new PostgresDialect({ pool }) })
})
afterAll(async () => {
  await db.destroy()
  await test.close()
})

/** Ids of new users, in their order. */
async function users(count: number): Promise<string[]> {
  const registered = []
  for (let user = 0; user < count; user += 1) registered.push((await test.register()).userId)
  return registered.toSorted()
}

describe('activeUserStore', () => {
  it('gives who has used the service lately, each once, a portion at a time', async () => {
    const ids = await users(5)
    const [long = '', gone = '', disabled = '', ...active] = ids
    await db
      .updateTable('session')
      .set({ last_used_at: daysAgo(20) })
      .where('user_id', '=', long)
      .execute()
    await db
      .updateTable('session')
      .set({ revoked_at: new Date(), revoked_reason: 'logout' })
      .where('user_id', '=', gone)
      .execute()
    await db
      .updateTable('user_account')
      .set({ status: 'disabled' })
      .where('id', '=', disabled)
      .execute()
    const [twice = ''] = active
    const session = await db
      .selectFrom('session')
      .selectAll()
      .where('user_id', '=', twice)
      .executeTakeFirstOrThrow()
    await db
      .insertInto('session')
      .values({ ...session, id: crypto.randomUUID() })
      .execute()

    const store = activeUserStore(db)
    expect(await store.count(daysAgo(14))).toBe(2)
    expect(await store.after(null, daysAgo(14), 10)).toEqual(active)
    expect(await store.after(null, daysAgo(14), 1)).toEqual([twice])
    expect(await store.after(twice, daysAgo(14), 10)).toEqual(active.slice(1))
    expect(await store.after(null, daysAgo(30), 10)).toEqual([long, ...active])
  })
})
