import { createLocalJWKSet, generateKeyPair, jwtVerify, SignJWT, UnsecuredJWT } from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestApp, type TestApp } from '#test'

let test: TestApp
let claims: Record<string, unknown>
let good: string
beforeAll(async () => {
  test = await createTestApp()
  good = (await test.register()).accessToken
  claims = JSON.parse(Buffer.from(good.split('.')[1] ?? '', 'base64url').toString())
})
afterAll(() => test.close())

const status = async (authorization: string) =>
  (await test.app.inject({ url: '/users/me', headers: { authorization } })).statusCode

const keySet = async () => {
  const answer = await test.app.inject({ url: '/.well-known/jwks.json' })
  return answer.json<{ keys: { kid: string; alg: string; d?: string }[] }>()
}

describe('access tokens', () => {
  it('are verified by anyone with the published keys', async () => {
    const { payload, protectedHeader } = await jwtVerify(good, createLocalJWKSet(await keySet()))
    expect(protectedHeader).toMatchObject({ alg: 'ES256', typ: 'at+jwt' })
    expect(payload).toMatchObject({ iss: 'http://127.0.0.1:4000', role: 'user' })
    expect(payload['scope']).toContain('reco:read')
    expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBe(900)
  })

  it('are signed by a key whose private half is not published', async () => {
    const { keys } = await keySet()
    expect(keys).toHaveLength(1)
    expect(keys[0]).not.toHaveProperty('d')
  })

  it('die after fifteen minutes', async () => {
    const { accessToken } = await test.register()
    test.advanceSeconds(899)
    expect(await status(`Bearer ${accessToken}`)).toBe(200)
    test.advanceSeconds(10)
    expect(await status(`Bearer ${accessToken}`)).toBe(401)
    test.advanceSeconds(-909)
  })

  it('are refused in every malformed or forged form', async () => {
    const { privateKey } = await generateKeyPair('ES256')
    const { keys } = await keySet()
    const kid = keys[0]?.kid ?? ''
    const forge = (header: object, body = claims) =>
      new SignJWT(body).setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid, ...header })
    const hmac = new SignJWT(claims)
      .setProtectedHeader({ alg: 'HS256', typ: 'at+jwt', kid })
      .sign(new TextEncoder().encode(JSON.stringify(keys[0])))
    const [header, body, signature] = good.split('.')
    const forged = [
      '',
      '1.000.000,00',
      'a.b.c',
      '..',
      `${good}=`,
      `${good}.`,
      `${header}.${body}.`,
      `${header}.${body}.${signature?.slice(2)}`,
      'x'.repeat(10_000),
      new UnsecuredJWT(claims).encode(),
      await hmac,
      await forge({}).sign(privateKey),
      await forge({ kid: 'unknown' }).sign(privateKey),
      await forge({ typ: 'JWT' }).sign(privateKey),
    ]
    for (const token of forged) expect(await status(`Bearer ${token}`), token).toBe(401)
    for (const scheme of ['Basic', 'bearer:', '']) {
      expect(await status(`${scheme} ${good}`), scheme).toBe(401)
    }
    expect(await status(`Bearer ${good}`)).toBe(200)
  })
})
