import { decodeProtectedHeader, jwtVerify, SignJWT } from 'jose'
import { v4 as uuidv4 } from 'uuid'
import type { Clock } from '#platform/clock'
import { invalidToken } from './identity.errors.ts'
import type { Role } from './identity.tables.ts'
import { scopesOf } from './roles.ts'
import { SIGNING_ALGORITHM, type SigningKeys } from './signing-keys.ts'
import { type TokenOwner, verifiedTokens } from './verified-tokens.ts'

export interface AccessClaims {
  userId: string
  sessionId: string
  role: Role
}

export interface AccessTokens {
  issue(claims: AccessClaims): Promise<string>
  /** @throws AppError 401 for anything but a live token of ours. */
  verify(token: string): Promise<TokenOwner>
  /** The user of a token that was found good within the last minute; undefined for any other. */
  knownUser(token: string): string | undefined
}

/** RFC 9068: the type of an OAuth 2.0 access token in JWT form. */
const TOKEN_TYPE = 'at+jwt'
const MAX_TOKEN_LENGTH = 4096
/** RFC 7515, 7.1: jose also takes padding and white space, and one token then has many spellings. */
const COMPACT = /^[\w-]+\.[\w-]+\.[\w-]+$/
/** Tolerated difference between the clocks of two replicas. */
const CLOCK_SKEW_SECONDS = 5

function kidOf(token: string): string {
  try {
    return decodeProtectedHeader(token).kid ?? ''
  } catch (error) {
    throw invalidToken(error)
  }
}

/** Signs and verifies access tokens (JWT profile of RFC 9068). */
export function accessTokens(dependencies: {
  keys: SigningKeys
  clock: Clock
  issuer: string
  ttlSeconds: number
}): AccessTokens {
  const { keys, clock, issuer, ttlSeconds } = dependencies
  const audience = `${issuer}/api`
  const verified = verifiedTokens(clock)

  async function verifierOf(token: string) {
    const kid = kidOf(token)
    const known = (await keys.load()).verifiers.get(kid)
    const key = known ?? (await keys.reload()).verifiers.get(kid)
    if (key === undefined) throw invalidToken()
    return key
  }

  return {
    async issue({ userId, sessionId, role }) {
      const { current } = await keys.load()
      const issuedAt = Math.floor(clock.now().getTime() / 1000)
      return new SignJWT({ sid: sessionId, role, scope: scopesOf(role).join(' ') })
        .setProtectedHeader({ alg: SIGNING_ALGORITHM, typ: TOKEN_TYPE, kid: current.kid })
        .setIssuer(issuer)
        .setAudience(audience)
        .setSubject(userId)
        .setJti(uuidv4())
        .setIssuedAt(issuedAt)
        .setExpirationTime(issuedAt + ttlSeconds)
        .sign(current.privateKey)
    },

    async verify(token) {
      if (token.length > MAX_TOKEN_LENGTH || !COMPACT.test(token)) throw invalidToken()
      const known = verified.find(token)
      if (known !== undefined) return known
      // Outside the try: when the keys cannot be read, that is no fault of the token.
      const verifier = await verifierOf(token)
      try {
        const { payload } = await jwtVerify(token, verifier, {
          algorithms: [SIGNING_ALGORITHM],
          typ: TOKEN_TYPE,
          issuer,
          audience,
          requiredClaims: ['sub', 'sid', 'jti', 'iat', 'exp'],
          maxTokenAge: ttlSeconds,
          clockTolerance: CLOCK_SKEW_SECONDS,
          currentDate: clock.now(),
        })
        const { sub, sid, iat = 0, exp = 0 } = payload
        if (typeof sub !== 'string' || typeof sid !== 'string') throw new Error('malformed claims')
        // jose does not mind a token that claims to live longer than we ever let one live.
        if (exp - iat > ttlSeconds) throw new Error('claims too long a life')
        const owner = { userId: sub, sessionId: sid }
        verified.keep(token, owner, exp)
        return owner
      } catch (error) {
        throw invalidToken(error)
      }
    },

    knownUser: (token) => verified.find(token)?.userId,
  }
}
