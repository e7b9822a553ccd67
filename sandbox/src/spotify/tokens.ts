import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import { AccountsError } from './spotify-error.ts'

const CODE_TTL_MS = 600_000
/** https://developer.spotify.com/documentation/web-api/tutorials/refreshing-tokens: six months from the authorization. */
const REFRESH_TOKEN_MONTHS = 6

interface Authorization {
  readonly clientId: string
  readonly accountId: string
  readonly scope: string
  readonly redirectUri: string
  /** Base64url SHA-256 of the verifier, when the client uses PKCE. */
  readonly codeChallenge?: string
}

interface CodeExchange {
  readonly code: string
  readonly clientId: string
  readonly redirectUri: string
  readonly codeVerifier?: string
  /** Whether the client proved itself by its secret. */
  readonly confidential: boolean
}

export interface TokenAnswer {
  readonly access_token: string
  readonly token_type: 'Bearer'
  readonly scope?: string
  readonly expires_in: number
  readonly refresh_token?: string
}

export interface AccessGrant {
  /** Absent for a client's own token. */
  readonly accountId?: string
  readonly scopes: ReadonlySet<string>
}

interface RefreshGrant {
  readonly clientId: string
  readonly accountId: string
  readonly scope: string
  readonly expiresAtMs: number
  /** Tokens of public clients are used once and replaced. */
  readonly rotates: boolean
  revoked: boolean
}

export interface Tokens {
  authorize(authorization: Authorization): string
  /** @throws AccountsError `invalid_grant` */
  exchange(exchange: CodeExchange): TokenAnswer
  /** @throws AccountsError `invalid_grant`; `invalid_client` when a secret is missing. */
  refresh(refreshToken: string, clientId: string, confidential: boolean): TokenAnswer
  clientCredentials(): TokenAnswer
  /** The grant behind an access token, or why there is none. */
  inspect(accessToken: string): AccessGrant | 'invalid' | 'expired'
  expireAccessTokens(): number
  /** Ends every token of an account. @returns the number of refresh tokens revoked. */
  revoke(accountId: string): number
}

export interface TokensDependencies {
  readonly now: () => Date
  readonly accessTokenTtlSeconds: number
}

function invalidGrant(description: string): AccountsError {
  return new AccountsError('invalid_grant', description)
}

function opaque(prefix: string, bytes: number): string {
  return prefix + randomBytes(bytes).toString('base64url')
}

function monthsAfter(date: Date, months: number): number {
  const later = new Date(date)
  later.setUTCMonth(later.getUTCMonth() + months)
  return later.getTime()
}

function challengeMet(challenge: string, verifier: string): boolean {
  const digest = Buffer.from(createHash('sha256').update(verifier).digest('base64url'))
  const expected = Buffer.from(challenge)
  return digest.length === expected.length && timingSafeEqual(digest, expected)
}

function checkVerifier(challenge: string | undefined, verifier: string | undefined): void {
  if (challenge === undefined) return
  if (verifier === undefined) throw invalidGrant('code_verifier must be supplied')
  if (!challengeMet(challenge, verifier)) throw invalidGrant('code_verifier was incorrect')
}

/** Codes and tokens of the accounts service, in memory. */
export function tokens({ now, accessTokenTtlSeconds }: TokensDependencies): Tokens {
  const codes = new Map<string, Authorization & { expiresAtMs: number }>()
  const access = new Map<string, AccessGrant & { expiresAtMs: number }>()
  const refreshes = new Map<string, RefreshGrant>()

  function grantAccess(accountId: string | undefined, scope: string): string {
    const token = opaque('BQ', 60)
    access.set(token, {
      ...(accountId === undefined ? {} : { accountId }),
      scopes: new Set(scope.split(' ')),
      expiresAtMs: now().getTime() + accessTokenTtlSeconds * 1000,
    })
    return token
  }

  function grantRefresh(grant: Omit<RefreshGrant, 'revoked'>): string {
    const token = opaque('AQ', 96)
    refreshes.set(token, { ...grant, revoked: false })
    return token
  }

  function answer(accountId: string, scope: string, refreshToken?: string): TokenAnswer {
    return {
      access_token: grantAccess(accountId, scope),
      token_type: 'Bearer',
      scope,
      expires_in: accessTokenTtlSeconds,
      ...(refreshToken === undefined ? {} : { refresh_token: refreshToken }),
    }
  }

  return {
    authorize(authorization) {
      const code = opaque('AQ', 120)
      codes.set(code, { ...authorization, expiresAtMs: now().getTime() + CODE_TTL_MS })
      return code
    },
    exchange({ code, clientId, redirectUri, codeVerifier, confidential }) {
      const found = codes.get(code)
      if (found?.clientId !== clientId) throw invalidGrant('Invalid authorization code')
      if (found.expiresAtMs <= now().getTime()) throw invalidGrant('Authorization code expired')
      if (found.redirectUri !== redirectUri) throw invalidGrant('Invalid redirect URI')
      checkVerifier(found.codeChallenge, codeVerifier)
      if (!confidential && found.codeChallenge === undefined) {
        throw new AccountsError('invalid_client', 'Invalid client')
      }
      codes.delete(code)
      const { accountId, scope } = found
      const expiresAtMs = monthsAfter(now(), REFRESH_TOKEN_MONTHS)
      const rotates = !confidential
      return answer(
        accountId,
        scope,
        grantRefresh({ clientId, accountId, scope, expiresAtMs, rotates }),
      )
    },
    refresh(refreshToken, clientId, confidential) {
      const grant = refreshes.get(refreshToken)
      if (grant?.clientId !== clientId) throw invalidGrant('Invalid refresh token')
      if (!grant.rotates && !confidential)
        throw new AccountsError('invalid_client', 'Invalid client')
      if (grant.revoked) throw invalidGrant('Refresh token revoked')
      if (grant.expiresAtMs <= now().getTime()) throw invalidGrant('Refresh token expired')
      if (!grant.rotates) return answer(grant.accountId, grant.scope)
      grant.revoked = true
      return answer(grant.accountId, grant.scope, grantRefresh(grant))
    },
    clientCredentials() {
      return {
        access_token: grantAccess(undefined, ''),
        token_type: 'Bearer',
        expires_in: accessTokenTtlSeconds,
      }
    },
    inspect(accessToken) {
      const grant = access.get(accessToken)
      if (grant === undefined) return 'invalid'
      return grant.expiresAtMs <= now().getTime() ? 'expired' : grant
    },
    expireAccessTokens() {
      for (const grant of access.values()) grant.expiresAtMs = 0
      return access.size
    },
    revoke(accountId) {
      for (const grant of access.values()) if (grant.accountId === accountId) grant.expiresAtMs = 0
      const live = [...refreshes.values()].filter((g) => g.accountId === accountId && !g.revoked)
      for (const grant of live) grant.revoked = true
      return live.length
    },
  }
}
