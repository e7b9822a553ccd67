import { createHash, createHmac, hkdfSync, randomBytes } from 'node:crypto'

/** A 32-byte secret for one purpose, derived from the application's secret (HKDF, RFC 5869). */
export function derivedSecret(appSecret: Uint8Array, purpose: string): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', appSecret, new Uint8Array(), purpose, 32))
}

/** 256 random bits as base64url: 43 characters. */
export function randomToken(): string {
  return randomBytes(32).toString('base64url')
}

/** What a random token is stored as: its SHA-256. The token has 256 bits, so no salt is needed. */
export function tokenDigest(token: string): string {
  return createHash('sha256').update(token).digest('base64url')
}

/** HMAC-SHA-256 of a text, as base64url. */
export function keyedDigest(secret: Uint8Array, text: string): string {
  return createHmac('sha256', secret).update(text).digest('base64url')
}
