import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestDatabase, type TestDatabase } from '#test'
import { migrate } from './migrate.ts'

let database: TestDatabase
let client: Client
beforeAll(async () => {
  database = await createTestDatabase()
  client = new Client({ connectionString: database.url })
  await client.connect()
})
afterAll(async () => {
  await client.end()
  await database.drop()
})

const reset = async () => {
  await client.query('drop schema public cascade')
  await client.query('create schema public')
}
const tables = async () => {
  const { rows } = await client.query<{ table_name: string }>(
    `select table_name from information_schema.tables where table_schema = 'public' order by 1`,
  )
  return rows.map(({ table_name }) => table_name)
}

describe('migrate', () => {
  it('does nothing to a schema that is up to date', async () => {
    expect(await migrate(database.url)).toEqual({ applied: [] })
  })

  it('builds the same schema again after a reset', async () => {
    const before = await tables()
    await reset()
    const { applied } = await migrate(database.url)
    expect(applied.length).toBeGreaterThan(0)
    expect(await tables()).toEqual(before)
  })

  it('lets several processes try at once: one works', async () => {
    await reset()
    const reports = await Promise.all(Array.from({ length: 4 }, () => migrate(database.url)))
    expect(reports.filter(({ applied }) => applied.length > 0)).toHaveLength(1)
  })

  it('gives up cleanly behind a held lock', async () => {
    await client.query('delete from schema_migration')
    await client.query('begin')
    await client.query('lock table schema_migration in access exclusive mode')
    const attempt = migrate(database.url)
    await expect(attempt).rejects.toThrow('could not be migrated')
    await client.query('rollback')
  })
})
