import { jwtVerify } from 'jose'
import type { Clock } from '#platform/clock'
import { derivedSecret } from '#platform/crypto'
import { invalidServiceToken } from './service-auth.errors.ts'
import {
  bodyDigest,
  KEY_PURPOSE,
  type ServiceCall,
  TOKEN_ALGORITHM,
  TOKEN_TTL_SECONDS,
  TOKEN_TYPE,
} from './service-call.ts'
import { spentTokens } from './spent-tokens.ts'

/** A call that its token allows. */
export interface GuardedCall {
  /** On whose behalf. */
  userId: string
  /** The role that asks. */
  caller: string
  /** @throws AppError 401 when this is not the body that the token was made for. */
  requireBody(body: unknown): void
}

export interface ServiceGuard {
  /** @throws AppError 401 for anything but an unspent token of ours for this very call. */
  verify(token: string, call: ServiceCall): Promise<GuardedCall>
}

/** Tolerated difference between the clocks of two machines. */
const CLOCK_SKEW_SECONDS = 5
/** RFC 7515, 7.1: jose also takes padding and white space. */
const COMPACT = /^[\w-]+\.[\w-]+\.[\w-]+$/
const MAX_TOKEN_LENGTH = 2048

/** Verifies calls from others of our processes; each token is good for one. */
export function serviceGuard(dependencies: {
  appSecret: Uint8Array
  /** This process's role. */
  audience: string
  /** Roles that may call. */
  callers: readonly string[]
  clock: Clock
}): ServiceGuard {
  const { appSecret, audience, callers, clock } = dependencies
  const key = derivedSecret(appSecret, KEY_PURPOSE)
  const spent = spentTokens(clock)

  async function claimsOf(token: string) {
    if (token.length > MAX_TOKEN_LENGTH || !COMPACT.test(token)) throw invalidServiceToken()
    try {
      const { payload } = await jwtVerify(token, key, {
        algorithms: [TOKEN_ALGORITHM],
        typ: TOKEN_TYPE,
        audience,
        issuer: [...callers],
        requiredClaims: ['sub', 'jti', 'iat', 'exp', 'htm', 'htu', 'bd'],
        maxTokenAge: TOKEN_TTL_SECONDS,
        clockTolerance: CLOCK_SKEW_SECONDS,
        currentDate: clock.now(),
      })
      return payload
    } catch (error) {
      throw invalidServiceToken(error)
    }
  }

  return {
    async verify(token, { method, path }) {
      const { sub = '', iss = '', jti = '', iat = 0, exp = 0, htm, htu, bd } = await claimsOf(token)
      if (htm !== method || htu !== path) throw invalidServiceToken()
      if (exp - iat > TOKEN_TTL_SECONDS) throw invalidServiceToken()
      if (!spent.spend(jti, exp + CLOCK_SKEW_SECONDS)) throw invalidServiceToken()
      return {
        userId: sub,
        caller: iss,
        requireBody(body) {
          if (bodyDigest(body) !== bd) throw invalidServiceToken()
        },
      }
    },
  }
}
