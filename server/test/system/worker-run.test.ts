import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestDatabase, type TestDatabase } from '#test'
import { programs } from './program.ts'

const { run, close } = programs()

let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(async () => {
  await close()
  await database.drop()
})

const environment = () => ({ DATABASE_URL: database.url, PUBLIC_URL: 'http://127.0.0.1:4000' })

const worker = (...args: string[]) => run(['worker', ...args], environment())

async function jobs<T>(...args: string[]): Promise<T> {
  const { stdout, stderr, code } = await run(['cli', '--json', 'jobs', ...args], environment())
  expect(stderr).toBe('')
  expect(code).toBe(0)
  return JSON.parse(stdout) as T
}

interface Listed {
  jobs: { jobId: string; job: string; state: string }[]
}

describe('worker run', () => {
  it('runs one job to its end, enqueues nothing else, and exits with 0', async () => {
    expect(await worker('run', 'music.expire')).toMatchObject({ code: 0, stderr: '' })
    const { jobs: listed } = await jobs<Listed>('list')
    expect(listed).toMatchObject([{ job: 'music.expire', state: 'done' }])
  })

  it('exits with 2 for what it cannot mean, and says why', async () => {
    const unknown = await worker('run', 'music.expires')
    expect(unknown.code).toBe(2)
    expect(unknown.stderr).toContain('There is no job called "music.expires"')

    const payload = await worker('run', 'language.detect', '--payload', '{"trackIds":[]}')
    expect(payload.code).toBe(2)
    expect(payload.stderr).toContain('The payload of language.detect is not valid')

    const usage = await worker('walk')
    expect(usage.code).toBe(2)
    expect(usage.stderr).toContain('Usage: main.ts worker')
  })
})

describe('cli jobs', () => {
  it('enqueues, shows and cancels', async () => {
    const { jobId } = await jobs<{ jobId: string }>('run', 'language.sweep')
    expect(await jobs('cancel', jobId)).toEqual({ jobId, cancelled: true })
    expect(await jobs('show', jobId)).toMatchObject({ job: 'language.sweep', state: 'cancelled' })
  })

  it('redrives nothing where nothing is dead, and tells of no times that nobody has set', async () => {
    expect(await jobs('redrive', 'music.expire')).toEqual({ moved: 0 })
    expect(await jobs('schedules')).toEqual({ schedules: [] })
  })

  it('says so when there is no such job', async () => {
    const { code, stderr } = await run(['cli', 'jobs', 'show', 'nothing'], environment())
    expect(code).toBe(1)
    expect(stderr).toContain('There is no job nothing')
  })
})
