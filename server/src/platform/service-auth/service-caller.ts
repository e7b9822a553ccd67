import { SignJWT } from 'jose'
import { v4 as uuidv4 } from 'uuid'
import type { Clock } from '#platform/clock'
import { derivedSecret } from '#platform/crypto'
import {
  bodyDigest,
  KEY_PURPOSE,
  type ServiceCall,
  TOKEN_ALGORITHM,
  TOKEN_TTL_SECONDS,
  TOKEN_TYPE,
} from './service-call.ts'

export interface ServiceCaller {
  /** A token for one call with this body, made for a user. Each attempt needs one of its own. */
  token(call: ServiceCall & { body: unknown; userId: string }): Promise<string>
}

/** Signs calls to another of our processes. */
export function serviceCaller(dependencies: {
  appSecret: Uint8Array
  /** This process's role, such as `api`. */
  caller: string
  /** The role that is called, such as `reco`. */
  audience: string
  clock: Clock
}): ServiceCaller {
  const { appSecret, caller, audience, clock } = dependencies
  const key = derivedSecret(appSecret, KEY_PURPOSE)
  return {
    token({ method, path, body, userId }) {
      const issuedAt = Math.floor(clock.now().getTime() / 1000)
      return new SignJWT({ htm: method, htu: path, bd: bodyDigest(body) })
        .setProtectedHeader({ alg: TOKEN_ALGORITHM, typ: TOKEN_TYPE })
        .setIssuer(caller)
        .setAudience(audience)
        .setSubject(userId)
        .setJti(uuidv4())
        .setIssuedAt(issuedAt)
        .setExpirationTime(issuedAt + TOKEN_TTL_SECONDS)
        .sign(key)
    },
  }
}
