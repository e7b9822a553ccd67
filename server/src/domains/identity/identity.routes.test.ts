import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestApp, type TestApp } from '#test'

let test: TestApp
beforeAll(async () => {
  test = await createTestApp()
})
afterAll(() => test.close())

const post = (url: string, body: object, headers: Record<string, string> = {}) =>
  test.app.inject({ method: 'POST', url, body, headers })
const logIn = (email: string, password: string) => post('/auth/login', { email, password })
const refresh = (refreshToken: string) => post('/auth/refresh', { refreshToken })
const me = (token: string) =>
  test.app.inject({ url: '/users/me', headers: { authorization: `Bearer ${token}` } })

describe('registering', () => {
  it('gives tokens that work', async () => {
    const user = await test.register()
    const answer = await me(user.accessToken)
    expect(answer.statusCode).toBe(200)
    expect(answer.json()).toMatchObject({ id: user.userId, email: user.email, role: 'user' })
  })

  it('refuses an address that differs only in case or width', async () => {
    const { email, password } = await test.register()
    const wide = email.replace('@', '＠')
    for (const same of [email, ` ${email}`.trim().toUpperCase(), wide]) {
      const answer = await post('/auth/register', { email: same, password })
      expect([400, 409], same).toContain(answer.statusCode)
    }
  })

  it.each([
    ['short', 'The password is not acceptable'],
    ['x'.repeat(129), 'The password is not acceptable'],
    ['x'.repeat(5000), 'The request is not valid'],
  ])('refuses the password %.12s', async (password, title) => {
    const answer = await post('/auth/register', { email: 'new@example.org', password })
    expect(answer.statusCode).toBe(400)
    expect(answer.headers['content-type']).toContain('application/problem+json')
    expect(answer.json()).toMatchObject({ title, status: 400 })
  })

  it('takes a password of any composition, and counts code points', async () => {
    const email = 'emoji@example.org'
    const password = '🎵'.repeat(10)
    expect((await post('/auth/register', { email, password })).statusCode).toBe(201)
    expect((await logIn(email, password)).statusCode).toBe(200)
  })

  it('ignores a role that the caller would like to have', async () => {
    const body = { email: 'r@example.org', password: 'long enough 1', role: 'admin' }
    expect((await post('/auth/register', body)).statusCode).toBe(400)
  })
})

describe('signing in', () => {
  it('answers the same for an unknown address and a wrong password', async () => {
    const { email } = await test.register()
    const wrong = await logIn(email, 'not the password')
    const unknown = await logIn('nobody@example.org', 'not the password')
    const { requestId: _a, ...first } = wrong.json<Record<string, unknown>>()
    const { requestId: _b, ...second } = unknown.json<Record<string, unknown>>()
    expect(wrong.statusCode).toBe(401)
    expect(first).toEqual(second)
  })

  it('refuses a disabled account and its live tokens', async () => {
    const user = await test.register()
    await test.system.identity.setStatus(user.userId, 'disabled')
    expect((await logIn(user.email, user.password)).statusCode).toBe(401)
    expect((await refresh(user.refreshToken)).statusCode).toBe(401)
    expect((await me(user.accessToken)).statusCode).toBe(401)
  })
})

describe('refreshing', () => {
  it('rotates: the new token works and leads on', async () => {
    const user = await test.register()
    const second = await refresh(user.refreshToken)
    expect(second.statusCode).toBe(200)
    const { refreshToken, accessToken } = second.json<{
      refreshToken: string
      accessToken: string
    }>()
    expect(refreshToken).not.toBe(user.refreshToken)
    expect((await me(accessToken)).statusCode).toBe(200)
    expect((await refresh(refreshToken)).statusCode).toBe(200)
  })

  it('gives the same child to fifty requests at once', async () => {
    const user = await test.register()
    const answers = await Promise.all(Array.from({ length: 50 }, () => refresh(user.refreshToken)))
    const children = answers.map((a) => a.json<{ refreshToken: string }>().refreshToken)
    expect(new Set(answers.map((a) => a.statusCode))).toEqual(new Set([200]))
    expect(new Set(children).size).toBe(1)
  })

  it('gives the same child again when the answer was lost', async () => {
    const user = await test.register()
    const first = (await refresh(user.refreshToken)).json<{ refreshToken: string }>()
    test.advanceSeconds(9)
    const again = (await refresh(user.refreshToken)).json<{ refreshToken: string }>()
    expect(again.refreshToken).toBe(first.refreshToken)
  })

  it('kills the whole family on reuse after the grace window', async () => {
    const user = await test.register()
    const child = (await refresh(user.refreshToken)).json<{
      refreshToken: string
      accessToken: string
    }>()
    test.advanceSeconds(11)
    expect((await refresh(user.refreshToken)).statusCode).toBe(401)
    expect((await refresh(child.refreshToken)).statusCode).toBe(401)
    expect((await me(child.accessToken)).statusCode).toBe(401)
  })

  it('refuses a token idle for longer than two weeks', async () => {
    const user = await test.register()
    test.advanceSeconds(14 * 86_400 + 1)
    expect((await refresh(user.refreshToken)).statusCode).toBe(401)
  })

  it('refuses an access token in its place, and the other way round', async () => {
    const user = await test.register()
    expect((await refresh(user.accessToken)).statusCode).toBe(400)
    expect((await me(user.refreshToken)).statusCode).toBe(401)
  })
})

describe('signing out', () => {
  it('ends the session’s tokens at once', async () => {
    const user = await test.register()
    const answer = await post('/auth/logout', {}, user.headers)
    expect(answer.statusCode).toBe(204)
    expect((await me(user.accessToken)).statusCode).toBe(401)
    expect((await refresh(user.refreshToken)).statusCode).toBe(401)
  })
})
