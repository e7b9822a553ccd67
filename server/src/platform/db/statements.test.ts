import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { errorCode } from '#platform/errors'
import { createTestDatabase, type TestDatabase } from '#test'
import { openStatements, type Statements } from './statements.ts'

let database: TestDatabase
let statements: Statements
const idleErrors: Error[] = []
beforeAll(async () => {
  database = await createTestDatabase()
  statements = openStatements({
    url: database.url,
    directUrl: database.url,
    connections: 1,
    applicationName: 'statements test',
    statementTimeoutMs: 300,
    lockTimeoutMs: 200,
    onIdleError: (error) => idleErrors.push(error),
  })
})
afterAll(async () => {
  await statements.close()
  await database.drop()
})

const double = (value: number) =>
  statements.run<{ doubled: number }>({
    name: 'double',
    text: 'select $1::int * 2 as doubled',
    values: [value],
  })

describe('statements', () => {
  it('are planned once a connection, and give their rows', async () => {
    expect(await Promise.all([1, 2, 3].map(double))).toEqual([
      [{ doubled: 2 }],
      [{ doubled: 4 }],
      [{ doubled: 6 }],
    ])
    const prepared = await statements.run<{ name: string }>({
      name: 'prepared',
      text: `select name from pg_prepared_statements where name = 'double'`,
      values: [],
    })
    expect(prepared).toEqual([{ name: 'double' }])
  })

  it('that take too long are ended, with what PostgreSQL says', async () => {
    const slow = statements.run({ name: 'slow', text: 'select pg_sleep(5)', values: [] })
    await expect(slow).rejects.toSatisfy((error) => errorCode(error) === '57014')
    expect(await double(4)).toEqual([{ doubled: 8 }])
  })

  it('go on over another connection when theirs is ended', async () => {
    const [own] = await statements.run<{ pid: number }>({
      name: 'pid',
      text: 'select pg_backend_pid() as pid',
      values: [],
    })
    const ended = statements.run({
      name: 'end',
      text: 'select pg_terminate_backend($1)',
      values: [own?.pid],
    })
    await expect(ended).rejects.toSatisfy((error) => errorCode(error) === '57P01')
    expect(await double(5)).toEqual([{ doubled: 10 }])
  })
})
