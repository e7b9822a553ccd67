import { hash } from '@node-rs/argon2'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openDatabase } from '#platform/db'
import { createTestApp, type TestApp } from '#test'
import { identityService } from './identity.service.ts'
import { identityStore } from './identity.store.ts'
import type { IdentityTables } from './identity.tables.ts'
import { type PasswordHasher, passwordHasher } from './passwords.ts'

/** What a fast machine would have been given years ago. */
const OLD_COST = { memoryCost: 8_192, timeCost: 1, parallelism: 1 }
const TODAYS_COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 }

let test: TestApp
let database: ReturnType<typeof openDatabase<IdentityTables>>
beforeAll(async () => {
  // What sheds load must not be what refuses here.
  test = await createTestApp({ env: { HTTP_MIN_CONCURRENCY: '256' } })
  database = openDatabase<IdentityTables>({
    url: test.database.url,
    poolMax: 2,
    statementTimeoutMs: 10_000,
    applicationName: 'sign-in test',
  })
})
afterAll(async () => {
  await database.close()
  await test.close()
})

const logIn = (email: string, password: string) =>
  test.app.inject({ method: 'POST', url: '/auth/login', body: { email, password } })

const stored = async (userId: string) =>
  (
    await database.db
      .selectFrom('user_account')
      .select('password_hash')
      .where('id', '=', userId)
      .executeTakeFirstOrThrow()
  ).password_hash

const store = (userId: string, passwordHash: string) =>
  identityStore(database.db).setPasswordHash(userId, passwordHash, new Date())

describe('a stored hash', () => {
  it.each([
    ['empty', ''],
    ['no hash', 'plain text'],
    ['cut short', '$argon2id$v=19$m=19456,t=2,p=1$KFN/ylw5YpHP'],
    ['of another kind', '$2b$12$C6UzMDM.H6dfI/f/IKcEeO7ZQ0jz1Z6E1r7qF3yq3yq3yq3yq3yq3'],
    ['of no cost', '$argon2id$v=19$m=0,t=0,p=0$KFN/ylw5YpHP+Aa6zeQgQw$kqganAzAJ7Qr5hTQ'],
    // Four terabytes of memory: the machine must not even try.
    ['of a ruinous cost', '$argon2id$v=19$m=4294967295,t=2,p=1$KFN/ylw5YpHP+Aa6zeQgQw$kqganAzAJ7Q'],
    ['of a version to come', '$argon2id$v=99$m=19456,t=2,p=1$KFN/ylw5YpHP+Aa6zeQgQw$kqganAzAJ7Q'],
  ])('that is %s lets nobody in, and is no fault of ours to them', async (_case, broken) => {
    const user = await test.register()
    await store(user.userId, broken)
    const answer = await logIn(user.email, user.password)
    expect(answer.statusCode).toBe(401)
    expect(answer.json()).toMatchObject({ code: 'identity.invalid_credentials' })
  })

  it.each([
    ['at an old cost', OLD_COST],
    ['by Argon2d', { ...TODAYS_COST, algorithm: 0 }],
    ['by Argon2i', { ...TODAYS_COST, algorithm: 1 }],
    ['by the version before', { ...TODAYS_COST, version: 0 }],
  ])('made %s lets its user in, and is made anew', async (_case, options) => {
    const user = await test.register()
    const old = await hash(user.password, options)
    await store(user.userId, old)
    expect((await logIn(user.email, 'not the password')).statusCode).toBe(401)
    expect(await stored(user.userId)).toBe(old)
    expect((await logIn(user.email, user.password)).statusCode).toBe(200)
    const renewed = await stored(user.userId)
    expect(renewed).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
    expect((await logIn(user.email, user.password)).statusCode).toBe(200)
    expect(await stored(user.userId)).toBe(renewed)
  })
})

describe('signing in', () => {
  it('does the same work for an unknown, a disabled and a real account', async () => {
    const work: string[] = []
    const real = passwordHasher()
    const counted: PasswordHasher = {
      ...real,
      hash(password) {
        work.push('hash')
        return real.hash(password)
      },
      matches(password, against) {
        work.push('verify')
        return real.matches(password, against)
      },
    }
    const identity = identityService({
      store: identityStore(database.db),
      passwords: counted,
      sessions: unusedSessions,
      clock: { now: () => new Date() },
    })
    const known = await test.register()
    const disabled = await test.register()
    await test.system.identity.setStatus(disabled.userId, 'disabled')
    for (const email of ['nobody@example.org', known.email, disabled.email]) {
      work.length = 0
      const signIn = identity.logIn({ email, password: 'not the password' }, '')
      await expect(signIn).rejects.toMatchObject({ code: 'identity.invalid_credentials' })
      expect(work, email).toEqual(['verify'])
    }
  })

  it('by more than can be hashed is refused at once, while other routes answer', async () => {
    const user = await test.register()
    let waiting = 120
    const signIns = Array.from({ length: waiting }, (_, index) =>
      logIn(index % 2 === 0 ? user.email : 'nobody@example.org', user.password).finally(() => {
        waiting -= 1
      }),
    )
    const refused = await Promise.any(
      signIns.map(async (signIn) => {
        const answer = await signIn
        if (answer.json<{ code?: string }>().code !== 'identity.busy')
          throw new Error('not refused')
        return answer
      }),
    )
    expect(refused.statusCode).toBe(503)
    expect(refused.headers['retry-after']).toBe('2')
    const me = await test.app.inject({ url: '/users/me', headers: user.headers })
    expect(me.statusCode).toBe(200)
    expect(waiting).toBeGreaterThan(10)

    const statuses = (await Promise.all(signIns)).map(({ statusCode }) => statusCode)
    expect(new Set(statuses)).toEqual(new Set([200, 401, 503]))
    expect(statuses.filter((status) => status !== 503).length).toBeGreaterThanOrEqual(64)
    expect((await logIn(user.email, user.password)).statusCode).toBe(200)
  })
})

/** Nobody gets that far here. */
const unusedSessions = {
  open: () => Promise.reject(new Error('opened a session')),
  refresh: () => Promise.reject(new Error('refreshed')),
  revoke: () => Promise.reject(new Error('revoked')),
  revokeAll: () => Promise.reject(new Error('revoked')),
  isLive: () => Promise.resolve(false),
  authenticate: () => Promise.reject(new Error('authenticated')),
}
