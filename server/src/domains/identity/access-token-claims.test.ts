import { CompactSign, generateKeyPair, type JWTPayload, SignJWT } from 'jose'
import { beforeAll, describe, expect, it } from 'vitest'
import { AppError } from '#platform/errors'
import { type AccessTokens, accessTokens } from './access-tokens.ts'

/** What every token here is signed with: the key of the verifier itself, so that only claims count. */
const KID = 'own-key'
const TTL_SECONDS = 900
const SKEW_SECONDS = 5
const ISSUER = 'https://music.example.org'
const NOW = 1_800_000_000

let privateKey: Awaited<ReturnType<typeof generateKeyPair>>['privateKey']
let tokens: AccessTokens
let reloads = 0

beforeAll(async () => {
  const pair = await generateKeyPair('ES256')
  privateKey = pair.privateKey
  const keys = {
    current: { kid: KID, privateKey },
    verifiers: new Map([[KID, pair.publicKey]]),
    publicKeys: [],
  }
  tokens = accessTokens({
    keys: {
      load: async () => keys,
      async reload() {
        reloads += 1
        return keys
      },
    },
    clock: { now: () => new Date(NOW * 1000) },
    issuer: ISSUER,
    ttlSeconds: TTL_SECONDS,
  })
})

const HEADER = { alg: 'ES256', typ: 'at+jwt', kid: KID }
const CLAIMS: JWTPayload = {
  iss: ISSUER,
  aud: `${ISSUER}/api`,
  sub: 'a-user',
  sid: 'a-session',
  jti: 'a-token',
  iat: NOW - 10,
  exp: NOW - 10 + TTL_SECONDS,
}

interface Change {
  header?: Record<string, unknown>
  claims?: Record<string, unknown>
}

const defined = (values: object) =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined))

/** A token that is in order but for the change; `undefined` takes a claim away. */
const signed = ({ header = {}, claims = {} }: Change = {}) =>
  new SignJWT(defined({ ...CLAIMS, ...claims }))
    .setProtectedHeader({ alg: 'ES256', ...defined({ ...HEADER, ...header }) })
    .sign(privateKey)

const refusal = async (token: string): Promise<unknown> =>
  tokens.verify(token).then(
    (claims) => claims,
    (error: unknown) => (error instanceof AppError ? error.code : error),
  )

describe('a token of our own key', () => {
  it('is accepted when everything in it is in order', async () => {
    expect(await tokens.verify(await signed())).toEqual({
      userId: 'a-user',
      sessionId: 'a-session',
    })
  })

  it('is accepted as we issue it', async () => {
    const token = await tokens.issue({ userId: 'u', sessionId: 's', role: 'user' })
    expect(await tokens.verify(token)).toEqual({ userId: 'u', sessionId: 's' })
  })

  it.each<[string, Change]>([
    ['typ of any JWT', { header: { typ: 'JWT' } }],
    ['typ of a DPoP proof', { header: { typ: 'dpop+jwt' } }],
    ['no typ', { header: { typ: undefined } }],
    ['an unknown kid', { header: { kid: 'another' } }],
    ['no kid', { header: { kid: undefined } }],
    ['aud of another service', { claims: { aud: `${ISSUER}/admin` } }],
    ['aud that begins with ours', { claims: { aud: `${ISSUER}/api/v2` } }],
    ['the issuer as aud', { claims: { aud: ISSUER } }],
    ['an empty aud', { claims: { aud: [] } }],
    ['no aud', { claims: { aud: undefined } }],
    ['another iss', { claims: { iss: 'https://evil.example.org' } }],
    ['iss with a slash more', { claims: { iss: `${ISSUER}/` } }],
    ['no iss', { claims: { iss: undefined } }],
    ['no exp', { claims: { exp: undefined } }],
    ['exp in the past', { claims: { exp: NOW - SKEW_SECONDS - 1 } }],
    ['a huge exp', { claims: { exp: 9_007_199_254_740_991 } }],
    ['exp a second later than we ever give', { claims: { exp: NOW - 10 + TTL_SECONDS + 1 } }],
    ['exp as text', { claims: { exp: String(NOW + 100) } }],
    ['no iat', { claims: { iat: undefined } }],
    [
      'an age over the longest life',
      { claims: { iat: NOW - TTL_SECONDS - SKEW_SECONDS - 1, exp: NOW } },
    ],
    ['iat in the future', { claims: { iat: NOW + SKEW_SECONDS + 60, exp: NOW + 300 } }],
    ['nbf in the future', { claims: { nbf: NOW + SKEW_SECONDS + 60 } }],
    ['no jti', { claims: { jti: undefined } }],
    ['no sid', { claims: { sid: undefined } }],
    ['sid that is no text', { claims: { sid: 5 } }],
    ['sid that is null', { claims: { sid: null } }],
    ['no sub', { claims: { sub: undefined } }],
    ['sub that is no text', { claims: { sub: ['a-user'] } }],
    ['a critical extension', { header: { crit: ['x'], x: 1 } }],
  ])('is refused with %s', async (_case, change) => {
    const token = await signed(change).catch(() => unsignable(change))
    expect(await refusal(token)).toBe('identity.invalid_token')
  })

  it('is refused when it is no set of claims', async () => {
    const sign = (payload: string) =>
      new CompactSign(new TextEncoder().encode(payload)).setProtectedHeader(HEADER).sign(privateKey)
    for (const payload of ['[]', 'null', '"x"', '{', '']) {
      expect(await refusal(await sign(payload)), payload).toBe('identity.invalid_token')
    }
    expect(await tokens.verify(await sign(JSON.stringify(CLAIMS)))).toMatchObject({
      userId: 'a-user',
    })
  })

  it('is refused when anything stands around it', async () => {
    const token = await signed()
    for (const other of [`${token}=`, `.${token}`, ` ${token}`, `${token}.`, `${token}.x`]) {
      expect(await refusal(other), JSON.stringify(other)).toBe('identity.invalid_token')
    }
  })

  it('tolerates clocks that differ by five seconds, no more', async () => {
    const ending = (seconds: number) => signed({ claims: { iat: NOW - 100, exp: NOW - seconds } })
    expect(await refusal(await ending(SKEW_SECONDS - 1))).toMatchObject({ userId: 'a-user' })
    expect(await refusal(await ending(SKEW_SECONDS))).toBe('identity.invalid_token')
  })

  it('too long to be one of ours is not even looked at', async () => {
    const before = reloads
    const token = await signed({ header: { kid: 'x'.repeat(5000) } })
    expect(await refusal(token)).toBe('identity.invalid_token')
    expect(reloads).toBe(before)
  })
})

/** The library signs no claim of a wrong kind; an attacker's would. */
async function unsignable({ header = {}, claims = {} }: Change): Promise<string> {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const body = `${part(defined({ ...HEADER, ...header }))}.${part(defined({ ...CLAIMS, ...claims }))}`
  const signature = await crypto.subtle.sign(
    { name: 'ECDSA', hash: 'SHA-256' },
    privateKey,
    Buffer.from(body),
  )
  return `${body}.${Buffer.from(signature).toString('base64url')}`
}
