import { hash, verify } from '@node-rs/argon2'
import pLimit from 'p-limit'
import { busy, weakPassword } from './identity.errors.ts'
import { PASSWORD_MAX, PASSWORD_MIN } from './identity.schemas.ts'

/** argon2id at the floor of OWASP's Password Storage Cheat Sheet: 19 MiB, 2 passes, 1 lane. */
const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 }
/** What every hash of that cost begins with: algorithm, version and cost (PHC string format). */
const TODAY = `$argon2id$v=19$m=${COST.memoryCost},t=${COST.timeCost},p=${COST.parallelism}$`

/** Far above any cost that we ever had: a stored hash that asks for more is corrupt, and a danger. */
const MOST = { memoryCost: 262_144, timeCost: 10 }

/** libuv's pool has four threads; files and DNS need the other half. */
const HASHES_AT_ONCE = 2
/** About two seconds of work: beyond it a caller is better told to come back. */
const MAX_QUEUED = 64

/** Of no account's password, at today's cost: what a sign-in to no account is checked against. */
const DECOY =
  '$argon2id$v=19$m=19456,t=2,p=1$KFN/ylw5YpHP+Aa6zeQgQw$kqganAzAJ7Qr5hTQ/tHMgo1usoE0SnKOXlw4ax7xQTg'

export interface PasswordHasher {
  hash(password: string): Promise<string>
  /** Takes as long for no stored hash as for a wrong password. Never throws on a corrupt hash. */
  matches(password: string, stored: string | undefined): Promise<boolean>
  /** True when stored by another algorithm, version or cost than today's. */
  isOutdated(stored: string): boolean
}

/** @throws AppError 503 when too many hashes are already waiting. */
export function passwordHasher(): PasswordHasher {
  const limit = pLimit(HASHES_AT_ONCE)

  function queued<T>(work: () => Promise<T>): Promise<T> {
    if (limit.pendingCount >= MAX_QUEUED) throw busy()
    return limit(work)
  }

  return {
    hash: async (password) => queued(() => hash(password.normalize('NFC'), COST)),
    async matches(password, stored) {
      return queued(async () => {
        const against = stored !== undefined && isAffordable(stored) ? stored : DECOY
        const matched = await verify(against, password.normalize('NFC')).catch(() => false)
        return matched && against === stored
      })
    },
    isOutdated: (stored) => !stored.startsWith(TODAY),
  }
}

function isAffordable(stored: string): boolean {
  const [, memory = '', time = ''] = /\$m=(\d+),t=(\d+),/.exec(stored) ?? []
  return Number(memory) <= MOST.memoryCost && Number(time) <= MOST.timeCost
}

/** @throws AppError 400 when a new password is too short, too long, or just the e-mail address. */
export function checkNewPassword(password: string, email: string): void {
  const length = Array.from(password.normalize('NFC')).length
  if (length < PASSWORD_MIN || length > PASSWORD_MAX) {
    throw weakPassword(`It must have ${PASSWORD_MIN} to ${PASSWORD_MAX} characters.`)
  }
  if (password.toLowerCase().includes(email)) {
    throw weakPassword('It must not contain your e-mail address.')
  }
}
