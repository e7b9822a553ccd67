import { hash } from 'node:crypto'

/** What a token is good for: this call and no other. */
export interface ServiceCall {
  method: string
  /** Without its query. */
  path: string
}

/** The JWT's `typ` (RFC 8725, 3.11): no token of ours for another purpose passes for one of these. */
export const TOKEN_TYPE = 'service+jwt'
/** Issuer and verifier share the secret that the key is derived from. */
export const TOKEN_ALGORITHM = 'HS256'
/** Purpose of the derived key; see `derivedSecret`. */
export const KEY_PURPOSE = 'service-token'
/** From one machine to the next, right away. */
export const TOKEN_TTL_SECONDS = 30

/** Of the value, however it was spelt: JSON written again by us. */
export const bodyDigest = (body: unknown): string =>
  hash('sha256', JSON.stringify(body ?? null), 'base64url')
