import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { knownMigrations, migrate } from '#platform/db'
import { createTestDatabase, type TestDatabase } from '#test'

const LOCK_TIMEOUT_MS = 5_000

let database: TestDatabase
let holder: Client
let reader: Client
let schemaOfBefore: string
let added: string[]
beforeAll(async () => {
  database = await createTestDatabase()
  holder = new Client({ connectionString: database.url })
  reader = new Client({ connectionString: database.url })
  await holder.connect()
  await reader.connect()
  await holder.query('drop schema public cascade; create schema public')
  const known = await knownMigrations()
  // As the release before left it: all but the last few.
  added = known.slice(-3)
  await migrate(database.url, { only: known.slice(0, -3) })
  schemaOfBefore = await schemaText()
})
afterAll(async () => {
  await holder.end()
  await reader.end()
  await database.drop()
})

async function schemaText(): Promise<string> {
  const { rows } = await reader.query<{ text: string }>(
    `select string_agg(concat_ws(' ', table_name, column_name, data_type, is_nullable), E'\\n'
       order by table_name, column_name) as text
     from information_schema.columns where table_schema = 'public'`,
  )
  return rows[0]?.text ?? ''
}

describe('a migration behind a lock that somebody holds', () => {
  it('gives up in time, leaves no trace, and stands in nobody’s way meanwhile', async () => {
    await holder.query('begin')
    // Before it can add a table it must note what it has done.
    await holder.query('lock table schema_migration in share mode')
    const startedMs = performance.now()
    const refused = expect(migrate(database.url)).rejects.toMatchObject({
      message: 'the schema could not be migrated',
      cause: { code: '55P03' },
    })
    // A reader of what the lock is on is not queued behind the one that waits.
    await reader.query('select count(*) from schema_migration')
    expect(performance.now() - startedMs).toBeLessThan(LOCK_TIMEOUT_MS)
    await refused
    expect(performance.now() - startedMs).toBeLessThan(2 * LOCK_TIMEOUT_MS)
    await holder.query('rollback')
    expect(await schemaText()).toBe(schemaOfBefore)
  })

  it('succeeds when it is tried again after that, and changes nothing the time after', async () => {
    expect(await migrate(database.url)).toEqual({ applied: added })
    expect(await migrate(database.url)).toEqual({ applied: [] })
  })

  it('is no business of an earlier release, which leaves a later schema alone', async () => {
    const earlier = (await knownMigrations()).slice(0, -2)
    expect(await migrate(database.url, { only: earlier })).toEqual({ applied: [] })
  })
})
