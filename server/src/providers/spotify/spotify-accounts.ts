import { Type } from 'typebox'
import type { AccountProvider, ProviderGrant } from '#domains/music'
import type { SpotifyConfig } from '#platform/config'
import type { ProviderClient } from '#platform/outbound'
import { bodyOf } from './spotify-answers.ts'

/** As little as the product needs; more is asked for when a user turns on what needs it. */
const SCOPES = ['user-top-read']

const TokenAnswer = Type.Object({
  access_token: Type.String({ minLength: 1 }),
  expires_in: Type.Number({ minimum: 0 }),
  refresh_token: Type.Optional(Type.String({ minLength: 1 })),
  scope: Type.Optional(Type.String()),
})

/**
 * Spotify's accounts service: authorization code with PKCE, with the client's secret where it has
 * one (https://developer.spotify.com/documentation/web-api/tutorials/code-flow).
 */
export function spotifyAccounts(
  client: ProviderClient,
  { accountsUrl, clientId, clientSecret }: SpotifyConfig,
): Omit<AccountProvider, 'account'> {
  const credentials = `${clientId}:${clientSecret ?? ''}`
  const headers =
    clientSecret === undefined
      ? {}
      : { authorization: `Basic ${Buffer.from(credentials).toString('base64')}` }

  async function token(operation: string, form: Record<string, string>): Promise<ProviderGrant> {
    const answer = await client.send({
      operation,
      method: 'POST',
      path: '/api/token',
      headers,
      form: { ...form, ...(clientSecret === undefined && { client_id: clientId }) },
    })
    const grant = bodyOf(operation, answer, TokenAnswer)
    return {
      accessToken: grant.access_token,
      refreshToken: grant.refresh_token,
      expiresInSeconds: grant.expires_in,
      scopes: (grant.scope ?? '').split(' ').filter((scope) => scope !== ''),
    }
  }

  return {
    issuer: accountsUrl,
    // https://developer.spotify.com/documentation/web-api/tutorials/refreshing-tokens
    authorizationMonths: 6,

    authorizeUrl({ state, codeChallenge, redirectUri }) {
      const url = new URL(`${accountsUrl}/authorize`)
      url.search = new URLSearchParams({
        response_type: 'code',
        client_id: clientId,
        scope: SCOPES.join(' '),
        redirect_uri: redirectUri,
        state,
        code_challenge_method: 'S256',
        code_challenge: codeChallenge,
      }).toString()
      return url.href
    },

    exchangeCode: ({ code, codeVerifier, redirectUri }) =>
      token('token.exchange', {
        grant_type: 'authorization_code',
        code,
        redirect_uri: redirectUri,
        code_verifier: codeVerifier,
      }),

    refresh: (refreshToken) =>
      token('token.refresh', { grant_type: 'refresh_token', refresh_token: refreshToken }),
  }
}
