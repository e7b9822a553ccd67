import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import type { EncryptionKey } from '#platform/config'

const ALGORITHM = 'aes-256-gcm'
/** 96 bits: the size NIST SP 800-38D recommends for GCM. */
const NONCE_BYTES = 12
const TAG_BYTES = 16
const FORMAT = 'v1'

export interface TextSealer {
  /** Encrypts with the current key; `context` must be given again, exactly, to open. */
  seal(plaintext: string, context: string): string
  /** @throws Error when the key is unknown, the text was changed, or the context differs. */
  open(sealed: string, context: string): string
}

/**
 * AES-256-GCM with a named key and bound context (additional authenticated data), so that a
 * sealed value copied into another user's row does not open there.
 * Format: `v1.<key id>.<base64url of nonce | ciphertext | tag>`.
 */
export function textSealer(keys: readonly EncryptionKey[]): TextSealer {
  const [current] = keys
  if (current === undefined) throw new Error('textSealer needs at least one key')
  const byId = new Map(keys.map(({ keyId, key }) => [keyId, key]))
  const bound = (keyId: string, context: string) => Buffer.from(`${FORMAT}.${keyId}.${context}`)

  return {
    seal(plaintext, context) {
      const nonce = randomBytes(NONCE_BYTES)
      const cipher = createCipheriv(ALGORITHM, current.key, nonce)
      cipher.setAAD(bound(current.keyId, context))
      const sealed = [nonce, cipher.update(plaintext, 'utf8'), cipher.final(), cipher.getAuthTag()]
      return `${FORMAT}.${current.keyId}.${Buffer.concat(sealed).toString('base64url')}`
    },
    open(sealed, context) {
      const [format, keyId = '', body = ''] = sealed.split('.')
      const key = byId.get(keyId)
      if (format !== FORMAT || key === undefined) throw new Error('sealed text names no known key')
      const bytes = Buffer.from(body, 'base64url')
      if (bytes.length < NONCE_BYTES + TAG_BYTES) throw new Error('sealed text is too short')
      const decipher = createDecipheriv(ALGORITHM, key, bytes.subarray(0, NONCE_BYTES), {
        authTagLength: TAG_BYTES,
      })
      decipher.setAAD(bound(keyId, context))
      decipher.setAuthTag(bytes.subarray(-TAG_BYTES))
      const opened = decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES))
      return Buffer.concat([opened, decipher.final()]).toString('utf8')
    },
  }
}
