/** Cryptography on Node's own primitives: sealing at rest, derived secrets, opaque tokens. */
export { derivedSecret, keyedDigest, randomToken, tokenDigest } from './derived-secret.ts'
export { type TextSealer, textSealer } from './sealed-text.ts'
