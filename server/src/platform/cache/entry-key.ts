import { hash } from 'node:crypto'

/** 192 bits of SHA-256 */
const DIGEST_LENGTH = 32

/** The part of a key before its first colon names the cache in metrics: `lyrics:…` → `lyrics`. */
export const familyOf = (key: string): string => key.split(':', 1)[0] ?? key

/**
 * The key under which a value is kept: the family and a digest. Keys hold what users typed, which
 * is nobody's business in Redis, in messages or in logs, and may be of any length.
 */
export function entryKey(key: string): string {
  return `${familyOf(key)}:${hash('sha256', key, 'base64url').slice(0, DIGEST_LENGTH)}`
}
