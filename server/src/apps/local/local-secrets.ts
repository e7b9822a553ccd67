import { randomBytes } from 'node:crypto'
import { chmod, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { SECRETS_FILE } from '#platform/config'
import { errorCode } from '#platform/errors'
import { LocalRunError } from './local-errors.ts'

/** Named as the environment variables that carry them, the demo's password aside. */
export interface LocalSecrets {
  readonly TOKEN_ENCRYPTION_KEYS: string
  readonly APP_SECRET: string
  readonly demoPassword: string
}

const KEY_BYTES = 32
const PASSWORD_BYTES = 12

function createSecrets(): LocalSecrets {
  return {
    TOKEN_ENCRYPTION_KEYS: `local-1:${randomBytes(KEY_BYTES).toString('base64')}`,
    APP_SECRET: randomBytes(KEY_BYTES).toString('base64'),
    demoPassword: randomBytes(PASSWORD_BYTES).toString('base64url'),
  }
}

function parseSecrets(file: string, text: string): Partial<LocalSecrets> {
  try {
    return JSON.parse(text) as Partial<LocalSecrets>
  } catch (cause) {
    // New secrets in place of lost ones would make every sealed token unreadable.
    throw new LocalRunError(
      `${file} is damaged. Restore it from a backup; without it the linked accounts cannot be read. ` +
        'To start over, move it away: users then link their accounts again.',
      { cause },
    )
  }
}

/** The secrets of this data folder; what is missing is made once and kept, readable by its owner only. */
export async function loadSecrets(dataDir: string): Promise<LocalSecrets> {
  const file = join(dataDir, SECRETS_FILE)
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    if (errorCode(error) === 'ENOENT') return '{}'
    throw error
  })
  const known = parseSecrets(file, text)
  const secrets = { ...createSecrets(), ...known }
  if (Object.keys(secrets).every((name) => name in known)) return secrets
  // Whole or not at all: a kill in the middle must not cost the keys.
  const draft = `${file}.new`
  await writeFile(draft, `${JSON.stringify(secrets, undefined, 2)}\n`, { mode: 0o600 })
  await chmod(draft, 0o600)
  await rename(draft, file)
  return secrets
}
