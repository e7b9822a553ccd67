import { createHash, randomBytes } from 'node:crypto'
import { type Sandbox, startSandbox } from '@music-language/sandbox'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { ProviderError } from '#platform/outbound'
import { createMetrics } from '#platform/telemetry'
import { consent } from '../../../test/music/consent.ts'
import { sandboxControl } from '../../../test/music/sandbox-control.ts'
import { spotifyProvider } from './index.ts'

const REDIRECT_URI = 'http://127.0.0.1:4000/auth/spotify/callback'
let sandbox: Sandbox
let control: ReturnType<typeof sandboxControl>
const opened: { close(): Promise<void> }[] = []

function provider(change: { clientSecret?: string | undefined } = {}) {
  const made = spotifyProvider({
    metrics: createMetrics(),
    config: {
      accountsUrl: `${sandbox.url}/spotify/accounts`,
      apiUrl: `${sandbox.url}/spotify/api/v1`,
      clientId: 'sandbox-client',
      clientSecret: 'sandbox-secret',
      ...change,
    },
  })
  opened.push(made)
  return made
}

beforeAll(async () => {
  sandbox = await startSandbox()
  control = sandboxControl(sandbox.url)
})
afterEach(() => control.clearFaults())
afterAll(async () => {
  await Promise.all(opened.map((one) => one.close()))
  await sandbox.close()
})

async function grantTo(spotify: ReturnType<typeof provider>) {
  const codeVerifier = randomBytes(32).toString('base64url')
  const codeChallenge = createHash('sha256').update(codeVerifier).digest('base64url')
  const [listener] = await control.listeners()
  const url = spotify.authorizeUrl({ state: 'given', codeChallenge, redirectUri: REDIRECT_URI })
  const answer = await consent(url, listener?.id ?? '')
  expect(answer.get('state')).toBe('given')
  const code = answer.get('code') ?? ''
  const grant = await spotify.exchangeCode({ code, codeVerifier, redirectUri: REDIRECT_URI })
  return { grant, listener, code, codeVerifier }
}

async function faultOf(work: Promise<unknown>): Promise<Partial<ProviderError>> {
  const error: unknown = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  if (!(error instanceof ProviderError)) throw new Error('no ProviderError was thrown')
  const { fault, status, reason, retryAfterSeconds } = error
  return { fault, status, reason, retryAfterSeconds }
}

const topPage = { timeRange: 'long_term', limit: 50 } as const

describe('spotifyProvider: accounts', () => {
  it('exchanges a code for tokens of the account that agreed', async () => {
    const spotify = provider()

    const { grant, listener } = await grantTo(spotify)

    expect(grant).toMatchObject({ expiresInSeconds: 3600, scopes: ['user-top-read'] })
    expect(await spotify.account(grant.accessToken)).toEqual({
      accountId: listener?.id,
      displayName: listener?.displayName,
    })
  })

  it('says invalid_grant of a code that is used again, or with another verifier', async () => {
    const spotify = provider()
    const { code, codeVerifier } = await grantTo(spotify)
    const [listener] = await control.listeners()
    const url = spotify.authorizeUrl({
      state: 'given',
      codeChallenge: createHash('sha256').update('mine').digest('base64url'),
      redirectUri: REDIRECT_URI,
    })
    const fresh = (await consent(url, listener?.id ?? '')).get('code') ?? ''

    const again = spotify.exchangeCode({ code, codeVerifier, redirectUri: REDIRECT_URI })
    const stolen = { code: fresh, codeVerifier: 'another', redirectUri: REDIRECT_URI }

    const refusal = { fault: 'rejected', reason: 'invalid_grant' }
    expect(await faultOf(again)).toMatchObject(refusal)
    expect(await faultOf(spotify.exchangeCode(stolen))).toMatchObject(refusal)
  })

  it('refreshes as a confidential client, which keeps its refresh token', async () => {
    const spotify = provider()
    const { grant } = await grantTo(spotify)

    const renewed = await spotify.refresh(grant.refreshToken ?? '')

    expect(renewed.accessToken).not.toBe(grant.accessToken)
    expect(renewed.refreshToken).toBeUndefined()
  })

  it('refreshes as a public client, which gets a new refresh token', async () => {
    const spotify = provider({ clientSecret: undefined })
    const { grant } = await grantTo(spotify)

    const renewed = await spotify.refresh(grant.refreshToken ?? '')

    expect(renewed.refreshToken).toMatch(/.{20}/)
    expect(renewed.refreshToken).not.toBe(grant.refreshToken)
    expect(await faultOf(spotify.refresh(grant.refreshToken ?? ''))).toMatchObject({
      reason: 'invalid_grant',
    })
  })

  it('names the reason when its own credentials are wrong', async () => {
    const { grant } = await grantTo(provider())

    const refused = provider({ clientSecret: 'wrong' }).refresh(grant.refreshToken ?? '')

    expect(await faultOf(refused)).toMatchObject({ fault: 'rejected', reason: 'invalid_client' })
  })
})

describe('spotifyProvider: Web API', () => {
  it('reads top tracks with what identifies them', async () => {
    const spotify = provider()
    const { grant } = await grantTo(spotify)

    const tracks = await spotify.topTracks(grant.accessToken, topPage)

    expect(tracks.length).toBeGreaterThan(20)
    const truth = tracks.map(({ providerId }) => sandbox.catalogue.trackById.get(providerId))
    expect(
      tracks.map(({ title, isrc, durationMs, artists }) => ({
        title,
        isrc,
        durationMs,
        artists: artists.map(({ name }) => name),
      })),
    ).toEqual(
      truth.map((track) => ({
        title: track?.title,
        isrc: track?.isrc,
        durationMs: track?.durationMs,
        artists: track?.artistNames,
      })),
    )
  })

  it('asks for no more than the limit, and for each time range apart', async () => {
    const spotify = provider()
    const { grant } = await grantTo(spotify)

    const few = await spotify.topTracks(grant.accessToken, { timeRange: 'short_term', limit: 3 })
    const long = await spotify.topTracks(grant.accessToken, { timeRange: 'long_term', limit: 3 })

    expect([few.length, long.length]).toEqual([3, 3])
    expect(few).not.toEqual(long)
  })

  it('reads top artists and searches', async () => {
    const spotify = provider()
    const { grant } = await grantTo(spotify)

    const [artist] = await spotify.topArtists(grant.accessToken, topPage)
    const found = await spotify.searchTracks(grant.accessToken, {
      text: artist?.name ?? '',
      limit: 50,
    })

    expect(found.length).toBeGreaterThan(0)
    expect(found.length).toBeLessThanOrEqual(10)
    expect(found.some((t) => t.artists.some(({ name }) => name === artist?.name))).toBe(true)
  })

  it('tells the ways of failing apart', async () => {
    const spotify = provider()
    const { grant } = await grantTo(spotify)
    const top = (token = grant.accessToken) => faultOf(spotify.topTracks(token, topPage))

    expect(await top('nonsense')).toMatchObject({ fault: 'unauthorised', status: 401 })
    await control.fault({
      target: 'spotify.api',
      kind: 'status',
      status: 403,
      times: 1,
      message: 'User not registered',
    })
    expect(await top()).toMatchObject({
      fault: 'rejected',
      status: 403,
      reason: 'User not registered',
    })
    await control.fault({
      target: 'spotify.api',
      kind: 'rate-limit',
      retryAfterSeconds: 7200,
      times: 1,
    })
    expect(await top()).toMatchObject({ fault: 'rate-limited', retryAfterSeconds: 7200 })
    await control.fault({ target: 'spotify.api', kind: 'malformed' })
    expect(await top()).toMatchObject({ fault: 'unavailable' })
  })

  it('gets over a short failure by itself', async () => {
    const spotify = provider()
    const { grant } = await grantTo(spotify)
    await control.fault({ target: 'spotify.api', kind: 'status', status: 502, times: 1 })

    expect(await spotify.topTracks(grant.accessToken, topPage)).not.toEqual([])
  })
})
