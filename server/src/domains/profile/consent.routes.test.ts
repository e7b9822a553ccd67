import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestApp, type TestApp, type TestUser } from '#test'

let test: TestApp
let database: Client
beforeAll(async () => {
  test = await createTestApp({ startAt: new Date('2026-11-24T09:30:00Z') })
  database = new Client({ connectionString: test.database.url })
  await database.connect()
})
afterAll(async () => {
  await database.end()
  await test.close()
})

const url = '/users/me/consents'
const consents = ({ headers }: Pick<TestUser, 'headers'>) => test.app.inject({ url, headers })
const choose = ({ headers }: Pick<TestUser, 'headers'>, body: object) =>
  test.app.inject({ method: 'PUT', url, headers, body })

const never = (purpose: string) => ({ purpose, granted: false, changedAt: null })

describe('consent', () => {
  it('is granted to nothing until a user says so', async () => {
    const user = await test.register()
    const answer = await consents(user)
    expect(answer.statusCode).toBe(200)
    expect(answer.json()).toEqual({
      consents: [never('analytics'), never('training')],
      history: [],
    })
  })

  it('is granted and withdrawn for each purpose by itself, and all of it is remembered', async () => {
    const user = await test.register()
    const granted = await choose(user, { analytics: true })
    const first = granted.json<{ consents: { changedAt: string }[] }>().consents[0]?.changedAt
    expect(granted.json()).toEqual({
      consents: [{ purpose: 'analytics', granted: true, changedAt: first }, never('training')],
      history: [{ purpose: 'analytics', granted: true, changedAt: first }],
    })
    test.advanceSeconds(60)
    await choose(user, { analytics: false, training: true })
    const now = (await consents(user)).json<{ consents: object[]; history: object[] }>()
    expect(now.consents).toMatchObject([
      { purpose: 'analytics', granted: false },
      { purpose: 'training', granted: true },
    ])
    expect(now.history).toHaveLength(3)
    expect(now.history[2]).toEqual({ purpose: 'analytics', granted: true, changedAt: first })
  })

  it('that is repeated changes nothing, not even its time', async () => {
    const user = await test.register()
    const once = await choose(user, { training: true })
    test.advanceSeconds(60)
    const twice = await choose(user, { training: true, analytics: false })
    expect(twice.json()).toEqual(once.json())
  })

  it('is told to the rest of the system when it changes, and only then', async () => {
    const user = await test.register()
    await choose(user, { analytics: true })
    await choose(user, { analytics: true })
    await choose(user, { analytics: false })
    const { rows } = await database.query<{ payload: object }>(
      `select payload from outbox_message where topic = 'consent.changed' and key = $1
       order by xid, seq`,
      [user.userId],
    )
    expect(rows.map(({ payload }) => payload)).toEqual([
      { userId: user.userId, purpose: 'analytics', granted: true },
      { userId: user.userId, purpose: 'analytics', granted: false },
    ])
  })

  it.each([
    ['nothing', {}],
    ['a purpose that there is not', { advertising: true }],
    ['what is neither yes nor no', { analytics: 'yes' }],
    ['nothing about a purpose', { analytics: null }],
    ['another’s user id', { analytics: true, userId: 'x' }],
  ])('is not changed by %s', async (_case, body) => {
    const user = await test.register()
    expect((await choose(user, body)).statusCode).toBe(400)
    expect((await consents(user)).json()).toMatchObject({ history: [] })
  })

  it('is each user’s own, and nobody’s without a token', async () => {
    const [user, other] = [await test.register(), await test.register()]
    await choose(user, { analytics: true })
    expect((await consents(other)).json()).toMatchObject({ history: [] })
    const nobody = { headers: { authorization: '' } }
    expect((await consents(nobody)).statusCode).toBe(401)
    expect((await choose(nobody, { analytics: true })).statusCode).toBe(401)
  })
})
