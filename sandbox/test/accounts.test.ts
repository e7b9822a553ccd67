import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Sandbox, startSandbox } from '../src/index.ts'
import {
  ALL_SCOPES,
  api,
  authorizeUrl,
  CHALLENGE,
  consent,
  control,
  REDIRECT_URI,
  signIn,
  type TokenBody,
  tokenRequest,
  VERIFIER,
} from './client.ts'

let sandbox: Sandbox
let now = new Date('2026-11-20T12:00:00Z')

beforeAll(async () => {
  sandbox = await startSandbox({ now: () => now })
})
afterAll(() => sandbox.close())

async function json(response: Promise<Response>): Promise<{ status: number; body: unknown }> {
  const answer = await response
  return { status: answer.status, body: await answer.json() }
}

function exchange(code: string, more: Record<string, string> = {}, confidential = true) {
  const fields = { grant_type: 'authorization_code', code, redirect_uri: REDIRECT_URI, ...more }
  return json(tokenRequest(sandbox.url, fields, confidential))
}

async function newCode(parameters: Record<string, string> = {}): Promise<string> {
  return (await consent(sandbox.url, 'emma', parameters)).searchParams.get('code') ?? ''
}

const PKCE = { code_challenge_method: 'S256', code_challenge: CHALLENGE }

async function publicTokens(): Promise<TokenBody> {
  const { body } = await exchange(await newCode(PKCE), { code_verifier: VERIFIER }, false)
  return body as TokenBody
}

function refresh(token: string, confidential = true) {
  return json(
    tokenRequest(sandbox.url, { grant_type: 'refresh_token', refresh_token: token }, confidential),
  )
}

describe('the consent page', () => {
  it.each([
    ['an unknown client', { client_id: 'other' }, 'INVALID_CLIENT: Invalid client'],
    [
      'localhost',
      { redirect_uri: 'http://localhost:8080/cb' },
      'INVALID_CLIENT: Insecure redirect URI',
    ],
    [
      'plain HTTP elsewhere',
      { redirect_uri: 'http://example.org/cb' },
      'INVALID_CLIENT: Insecure redirect URI',
    ],
    [
      'an address that is not registered',
      { redirect_uri: 'https://example.org/cb' },
      'INVALID_CLIENT: Invalid redirect URI',
    ],
    ['another response type', { response_type: 'token' }, 'response_type must be code'],
    ['an unknown scope', { scope: 'everything' }, 'INVALID_SCOPE: Invalid scope'],
    [
      'a plain challenge',
      { code_challenge_method: 'plain', code_challenge: 'x' },
      'code_challenge_method must be S256',
    ],
  ])('refuses %s', async (_what, parameters, text) => {
    const answer = await fetch(authorizeUrl(sandbox.url, parameters))
    expect(answer.status).toBe(400)
    expect(await answer.text()).toContain(text)
  })

  it('accepts both loopback addresses', async () => {
    for (const redirect_uri of ['http://127.0.0.1:1/x', 'http://[::1]:1/x']) {
      expect((await fetch(authorizeUrl(sandbox.url, { redirect_uri }))).status).toBe(200)
    }
  })

  it('shows foreign text as text', async () => {
    const page = await fetch(authorizeUrl(sandbox.url, { state: '"><script>alert(1)</script>' }))
    expect(await page.text()).not.toContain('<script>')
  })

  it('sends the code and the untouched state back', async () => {
    const back = await consent(sandbox.url, 'emma')
    expect(back.origin + back.pathname).toBe(REDIRECT_URI)
    expect(back.searchParams.get('state')).toBe('a state & more')
    expect(back.searchParams.get('code')).toMatch(/^AQ[\w-]{100,}$/)
  })

  it('reports a cancelled consent', async () => {
    const back = await consent(sandbox.url, 'emma', {}, 'cancel')
    expect(Object.fromEntries(back.searchParams)).toEqual({
      error: 'access_denied',
      state: 'a state & more',
    })
  })

  it('accepts only the registered addresses when some are registered', async () => {
    const strict = await startSandbox({ redirectUris: ['https://app.example/cb'] })
    try {
      const known = await fetch(
        authorizeUrl(strict.url, { redirect_uri: 'https://app.example/cb' }),
      )
      const loopback = await fetch(authorizeUrl(strict.url))
      expect([known.status, loopback.status]).toEqual([200, 400])
    } finally {
      await strict.close()
    }
  })
})

describe('the token endpoint', () => {
  it('exchanges a code for tokens, once', async () => {
    const code = await newCode()
    const first = await exchange(code)
    expect(first).toMatchObject({
      status: 200,
      body: { token_type: 'Bearer', scope: ALL_SCOPES, expires_in: 3600 },
    })
    expect((first.body as TokenBody).refresh_token).toMatch(/^AQ/)
    expect(await exchange(code)).toEqual({
      status: 400,
      body: { error: 'invalid_grant', error_description: 'Invalid authorization code' },
    })
  })

  it.each([
    ['a wrong verifier', { code_verifier: 'wrong' }, 'code_verifier was incorrect'],
    ['no verifier', {}, 'code_verifier must be supplied'],
    [
      'another redirect URI',
      { code_verifier: VERIFIER, redirect_uri: 'http://127.0.0.1:1/' },
      'Invalid redirect URI',
    ],
  ])('refuses a code with %s', async (_what, more, error_description) => {
    const answer = await exchange(await newCode(PKCE), more, false)
    expect(answer).toEqual({ status: 400, body: { error: 'invalid_grant', error_description } })
  })

  it('refuses a code after ten minutes', async () => {
    const code = await newCode()
    now = new Date(now.getTime() + 600_000)
    expect((await exchange(code)).body).toMatchObject({
      error_description: 'Authorization code expired',
    })
  })

  it('refuses a public client that uses no PKCE', async () => {
    expect((await exchange(await newCode(), {}, false)).body).toMatchObject({
      error: 'invalid_client',
    })
  })

  it.each([
    [
      'an unknown client',
      { client_id: 'x', grant_type: 'refresh_token' },
      'invalid_client',
      'Invalid client',
    ],
    [
      'a wrong secret',
      { client_secret: 'x', grant_type: 'client_credentials' },
      'invalid_client',
      'Invalid client secret',
    ],
    [
      'an unknown grant',
      { grant_type: 'password' },
      'unsupported_grant_type',
      'grant_type must be client_credentials, authorization_code or refresh_token',
    ],
    ['no grant', {}, 'unsupported_grant_type', 'grant_type parameter is missing'],
    [
      'a missing refresh token',
      { grant_type: 'refresh_token' },
      'invalid_request',
      'refresh_token must be supplied',
    ],
    [
      'an unknown refresh token',
      { grant_type: 'refresh_token', refresh_token: 'x' },
      'invalid_grant',
      'Invalid refresh token',
    ],
  ])('refuses %s', async (_what, fields, error, error_description) => {
    const answer = await json(tokenRequest(sandbox.url, fields, false))
    expect(answer).toEqual({ status: 400, body: { error, error_description } })
  })

  it('keeps the refresh token of a confidential client', async () => {
    const { refresh_token = '' } = await signIn(sandbox.url, 'emma')
    for (const { status, body } of [await refresh(refresh_token), await refresh(refresh_token)]) {
      expect(status).toBe(200)
      expect(body).not.toHaveProperty('refresh_token')
    }
    expect((await refresh(refresh_token, false)).body).toMatchObject({ error: 'invalid_client' })
  })

  it('gives a public client a new refresh token and ends the old one', async () => {
    const { refresh_token: first = '' } = await publicTokens()
    const second = await refresh(first, false)
    expect((second.body as TokenBody).refresh_token).not.toBe(first)
    expect(await refresh(first, false)).toEqual({
      status: 400,
      body: { error: 'invalid_grant', error_description: 'Refresh token revoked' },
    })
  })

  it('ends a refresh token six months after the consent, refreshed or not', async () => {
    const start = now
    const { refresh_token: first = '' } = await publicTokens()
    now = new Date('2027-05-19T12:00:00Z')
    const second = (await refresh(first, false)).body as TokenBody
    now = new Date('2027-05-21T12:00:00Z')
    const third = await refresh(second.refresh_token ?? '', false)
    now = start
    expect(third).toEqual({
      status: 400,
      body: { error: 'invalid_grant', error_description: 'Refresh token expired' },
    })
  })

  it('ends every token of a listener who takes the consent back', async () => {
    const { access_token, refresh_token = '' } = await signIn(sandbox.url, 'grace')
    await control(sandbox.url, '/revoke', { listener: 'grace' })
    expect((await api(sandbox.url, '/me', access_token)).status).toBe(401)
    expect((await refresh(refresh_token)).body).toMatchObject({ error: 'invalid_grant' })
  })

  it('gives a client its own token, which opens search but no account', async () => {
    const answer = await json(tokenRequest(sandbox.url, { grant_type: 'client_credentials' }))
    const { access_token } = answer.body as TokenBody
    expect(answer.body).toEqual({ access_token, token_type: 'Bearer', expires_in: 3600 })
    expect((await api(sandbox.url, '/search?q=hey&type=track', access_token)).status).toBe(200)
    expect((await api(sandbox.url, '/me', access_token)).status).toBe(401)
  })

  it('answers a body that is no form without failing', async () => {
    const answer = await fetch(`${sandbox.url}/spotify/accounts/api/token`, {
      method: 'POST',
      body: '{',
    })
    expect(answer.status).toBeLessThan(500)
  })
})
