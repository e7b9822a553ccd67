import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestApp, type TestApp, type TestUser } from '#test'

const TEN = ['es', 'pt', 'fr', 'it', 'de', 'nl', 'sv', 'da', 'fi', 'pl']

let test: TestApp
beforeAll(async () => {
  test = await createTestApp()
})
afterAll(() => test.close())

const me = ({ headers }: TestUser) => test.app.inject({ url: '/users/me', headers })
const change = ({ headers }: Pick<TestUser, 'headers'>, body: object) =>
  test.app.inject({ method: 'PATCH', url: '/users/me', headers, body })
const prefer = ({ headers }: Pick<TestUser, 'headers'>, body: object) =>
  test.app.inject({ method: 'PATCH', url: '/users/me/lang', headers, body })
const languagesOf = async (user: TestUser) =>
  (await me(user)).json<{ preferredLanguages: string[] }>().preferredLanguages

describe('a user’s profile', () => {
  it('is there from the start, with nothing said yet', async () => {
    const user = await test.register()
    const answer = await me(user)
    expect(answer.statusCode).toBe(200)
    expect(answer.json()).toEqual({
      id: user.userId,
      email: user.email,
      role: 'user',
      displayName: '',
      preferredLanguages: [],
      createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
    })
  })

  it('changes in the parts that are named, and only in them', async () => {
    const user = await test.register()
    const named = await change(user, { displayName: '  Lucía 🎵 ' })
    expect(named.statusCode).toBe(200)
    expect(named.json()).toMatchObject({ displayName: 'Lucía 🎵', preferredLanguages: [] })
    const spoken = await change(user, { preferredLanguages: ['ja', 'pt-br', 'JA'] })
    expect(spoken.json()).toMatchObject({
      displayName: 'Lucía 🎵',
      preferredLanguages: ['ja', 'pt-BR'],
    })
    expect((await me(user)).json()).toEqual(spoken.json())
  })

  it('can be emptied again', async () => {
    const user = await test.register()
    await change(user, { displayName: 'L', preferredLanguages: TEN })
    const emptied = await change(user, { displayName: '', preferredLanguages: [] })
    expect(emptied.json()).toMatchObject({ displayName: '', preferredLanguages: [] })
  })

  it('takes a name of a hundred characters, of whatever length in bytes', async () => {
    const user = await test.register()
    const displayName = '🎵'.repeat(100)
    expect((await change(user, { displayName })).json()).toMatchObject({ displayName })
  })

  it.each([
    ['nothing to change', {}],
    ['a name too long', { displayName: '🎵'.repeat(101) }],
    ['a name that is no text', { displayName: 5 }],
    ['eleven languages', { preferredLanguages: [...TEN, 'cs'] }],
    ['a language that is no tag', { preferredLanguages: ['es', 'es_MX'] }],
    ['a language that is empty', { preferredLanguages: [''] }],
    ['a list that is none', { preferredLanguages: 'es' }],
    ['something that is not theirs to change', { role: 'admin' }],
    ['another’s id', { displayName: 'x', id: 'x' }],
  ])('refuses %s and stays as it was', async (_case, body) => {
    const user = await test.register()
    await change(user, { displayName: 'Lucía', preferredLanguages: ['es'] })
    const before = (await me(user)).json<object>()
    const answer = await change(user, body)
    expect(answer.statusCode).toBe(400)
    expect(answer.headers['content-type']).toContain('application/problem+json')
    expect((await me(user)).json()).toEqual(before)
  })

  it('is nobody’s without a token', async () => {
    const nobody = { headers: { authorization: '' } }
    expect((await test.app.inject({ url: '/users/me' })).statusCode).toBe(401)
    expect((await change(nobody, { displayName: 'x' })).statusCode).toBe(401)
    expect((await prefer(nobody, { lang: 'es' })).statusCode).toBe(401)
  })
})

describe('the preferred language', () => {
  it('moves to the front, is listed once, and leaves the others in their order', async () => {
    const user = await test.register()
    await change(user, { preferredLanguages: ['es', 'ja', 'fr'] })
    const answer = await prefer(user, { lang: 'FR' })
    expect(answer.statusCode).toBe(200)
    expect(answer.json()).toMatchObject({ preferredLanguages: ['fr', 'es', 'ja'] })
    await prefer(user, { lang: 'fr' })
    expect(await languagesOf(user)).toEqual(['fr', 'es', 'ja'])
    await prefer(user, { lang: 'ko' })
    expect(await languagesOf(user)).toEqual(['ko', 'fr', 'es', 'ja'])
  })

  it('can be the first that was ever named', async () => {
    const user = await test.register()
    expect((await prefer(user, { lang: 'yue' })).json()).toMatchObject({
      preferredLanguages: ['yue'],
    })
  })

  it('pushes the least wanted of ten out', async () => {
    const user = await test.register()
    await change(user, { preferredLanguages: TEN })
    await prefer(user, { lang: 'cs' })
    expect(await languagesOf(user)).toEqual(['cs', ...TEN.slice(0, 9)])
  })

  it('loses none of several named at the same time', async () => {
    const user = await test.register()
    await Promise.all(TEN.map((lang) => prefer(user, { lang })))
    expect((await languagesOf(user)).toSorted()).toEqual(TEN.toSorted())
  })

  it.each([
    ['no tag', { lang: 'es_MX' }, 'profile.unknown_language'],
    ['a word', { lang: 'español' }, 'profile.unknown_language'],
    ['one letter', { lang: 'e' }, 'http.invalid_request'],
    ['a text without end', { lang: 'es-'.repeat(20) }, 'http.invalid_request'],
    ['nothing', {}, 'http.invalid_request'],
    ['null', { lang: null }, 'http.invalid_request'],
    ['something else besides', { lang: 'es', role: 'admin' }, 'http.invalid_request'],
  ])('cannot be %s', async (_case, body, code) => {
    const user = await test.register()
    const answer = await prefer(user, body)
    expect(answer.statusCode).toBe(400)
    expect(answer.json()).toMatchObject({ code, status: 400 })
    expect(await languagesOf(user)).toEqual([])
  })
})
