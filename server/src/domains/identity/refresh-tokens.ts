import { keyedDigest, randomToken, tokenDigest } from '#platform/crypto'

/**
 * Refresh tokens: `<session id>.<256-bit secret>`. A token's successor is computed from it with a
 * key that only we hold. So the same token always gives the same successor: a client whose answer
 * was lost can ask again, and still nothing but digests is stored.
 */
export function refreshTokens(rotationSecret: Uint8Array) {
  return {
    first: (sessionId: string): string => `${sessionId}.${randomToken()}`,
    successor(token: string): string {
      return `${sessionIdOf(token)}.${keyedDigest(rotationSecret, token)}`
    },
    digest: tokenDigest,
  }
}

/** The session that a token claims to belong to; empty when it has not the form of a token. */
export function sessionIdOf(token: string): string {
  const [sessionId = '', secret = ''] = token.split('.')
  return UUID.test(sessionId) && secret.length === SECRET_LENGTH ? sessionId : ''
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/
const SECRET_LENGTH = 43
