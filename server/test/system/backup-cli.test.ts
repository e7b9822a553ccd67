import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestDatabase, type TestDatabase } from '#test'
import { programs } from './program.ts'

const { folder, run, close } = programs()

let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase()
  await ask(`insert into artist select gen_random_uuid(), now() from generate_series(1, 7)`)
})
afterAll(async () => {
  await close()
  await database.drop()
})

async function ask(sql: string): Promise<unknown[]> {
  const client = new Client({ connectionString: database.url })
  await client.connect()
  try {
    return (await client.query(sql)).rows
  } finally {
    await client.end()
  }
}

const backup = (...args: string[]) =>
  run(['cli', '--json', 'backup', ...args], { DATABASE_URL: database.url })

describe('cli backup', () => {
  it('backs up into the object store, proves it, and rehearses the way back', async () => {
    const created = await backup('create', '--to', 'objects:nightly')
    expect(created).toMatchObject({ code: 0, stderr: '' })
    expect(JSON.parse(created.stdout)).toMatchObject({ rows: 7, waitingJobs: 0 })
    expect((await backup('verify', '--from', 'objects:nightly')).code).toBe(0)
    const drilled = await backup('drill', '--from', 'objects:nightly')
    expect(drilled).toMatchObject({ code: 0, stderr: '' })
    expect(JSON.parse(drilled.stdout)).toMatchObject({ counts: { artist: 7 }, backupMs: null })
    expect(await ask(`select from pg_database where datname like 'backup_drill_%'`)).toEqual([])
  })

  it('makes a backup of its own for a drill, and cleans up', async () => {
    const { code, stdout } = await backup('drill')
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({
      counts: { artist: 7 },
      restoreMs: expect.any(Number),
    })
  })

  it('says plainly what it does not do', async () => {
    const into = ['--into', database.url]
    const full = await backup('restore', '--from', 'objects:nightly', ...into)
    expect(full).toMatchObject({
      code: 1,
      stdout: '',
      stderr: 'the database is not empty: artist has rows\n',
    })
    const none = await backup('verify', '--from', join(folder, 'nowhere'))
    expect(none).toMatchObject({ code: 1 })
    expect(none.stderr).toContain('there is no backup in')
    expect((await backup('create', '--to', folder)).stderr).toBe(`${folder} is not empty\n`)
    expect((await backup('create', '--to', 'objects:../x')).stderr).toContain('is no name for')
    expect((await backup('create')).code).toBe(2)
    expect(await readdir(folder)).toEqual(['objects'])
  })
})
