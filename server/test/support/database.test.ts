import { afterAll, describe, expect, it } from 'vitest'
import { createTestDatabase, type TestDatabase, withAdmin } from './database.ts'

const databases: TestDatabase[] = []

async function create(): Promise<TestDatabase> {
  const database = await createTestDatabase()
  databases.push(database)
  return database
}

afterAll(async () => {
  await Promise.all(databases.map((database) => database.drop()))
})

describe('createTestDatabase', () => {
  it('gives a migrated database', async () => {
    const { url } = await create()

    const { rows } = await withAdmin(url, (client) =>
      client.query('select count(*)::int as migrations from schema_migration'),
    )
    expect(rows[0].migrations).toBeGreaterThan(0)
  })

  it('gives each of many rivals a database of its own', async () => {
    const rivals = await Promise.all(Array.from({ length: 6 }, create))
    await Promise.all(
      rivals.map(({ url }) => withAdmin(url, (client) => client.query('create table own (n int)'))),
    )

    expect(new Set(rivals.map(({ url }) => url)).size).toBe(6)
  })

  it('drops a database that is still in use', async () => {
    const { url, drop } = await create()
    await withAdmin(url, async (client) => {
      client.on('error', () => undefined)
      await drop()
    }).catch(() => undefined)

    await expect(withAdmin(url, async () => undefined)).rejects.toThrow('does not exist')
  })
})
