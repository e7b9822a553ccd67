import { SpotifyError } from './spotify-error.ts'
import type { AccessGrant, Tokens } from './tokens.ts'

/**
 * Reads and checks the access token of a request.
 * @throws SpotifyError 400 or 401, worded as the Web API words it.
 */
export function authenticateBearer(header: string | undefined, tokens: Tokens): AccessGrant {
  if (header === undefined || header.trim() === '') throw new SpotifyError(401, 'No token provided')
  const token = /^Bearer\s+(\S+)$/i.exec(header)?.[1]
  if (token === undefined) {
    throw new SpotifyError(400, 'Only valid bearer authentication supported')
  }
  const grant = tokens.inspect(token)
  if (grant === 'expired') throw new SpotifyError(401, 'The access token expired')
  if (grant === 'invalid') throw new SpotifyError(401, 'Invalid access token')
  return grant
}

/**
 * The account behind a grant that carries a scope.
 * @throws SpotifyError 403 without the scope, 401 for a client's own token.
 */
export function requireAccount({ accountId, scopes }: AccessGrant, scope?: string): string {
  if (scope !== undefined && !scopes.has(scope)) {
    throw new SpotifyError(403, 'Insufficient client scope')
  }
  if (accountId === undefined) throw new SpotifyError(401, 'Valid user authentication required')
  return accountId
}
