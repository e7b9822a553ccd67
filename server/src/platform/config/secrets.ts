import type { EnvReader } from './env-reader.ts'

export interface EncryptionKey {
  /** Short public name of the key, stored beside what it sealed. */
  keyId: string
  /** 32 bytes. */
  key: Uint8Array
}

export interface SecretsConfig {
  /** 32 bytes; other secrets are derived from it, each for its own purpose. */
  appSecret: Uint8Array
  /** The first seals, all of them open: that is how a key is rotated. */
  encryptionKeys: readonly EncryptionKey[]
}

const KEY_BYTES = 32

function decodeKey(text: string): Uint8Array | undefined {
  const bytes = Buffer.from(text, 'base64')
  return bytes.length === KEY_BYTES ? bytes : undefined
}

/** Reads APP_SECRET (base64 of 32 bytes) and TOKEN_ENCRYPTION_KEYS (`id:base64`, comma-separated). */
export function readSecrets(env: EnvReader): SecretsConfig {
  const appSecretText = env.required('APP_SECRET', 'base64 of 32 random bytes')
  const appSecret = decodeKey(appSecretText)
  if (appSecretText !== '' && appSecret === undefined) {
    env.fault('APP_SECRET', 'must be base64 of exactly 32 bytes')
  }

  const encryptionKeys: EncryptionKey[] = []
  const listed = env.list('TOKEN_ENCRYPTION_KEYS')
  if (listed.length === 0) env.required('TOKEN_ENCRYPTION_KEYS', 'at least one "id:base64" key')
  for (const entry of listed) {
    const [keyId = '', encoded = ''] = entry.split(':', 2)
    const key = decodeKey(encoded)
    // The entry itself is a secret: the message must not repeat it.
    if (!/^[A-Za-z0-9_-]{1,32}$/.test(keyId) || key === undefined) {
      env.fault('TOKEN_ENCRYPTION_KEYS', 'each entry must be "id:base64 of exactly 32 bytes"')
    } else {
      encryptionKeys.push({ keyId, key })
    }
  }
  return { appSecret: appSecret ?? new Uint8Array(KEY_BYTES), encryptionKeys }
}
