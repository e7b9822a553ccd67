import {
  accessTokens,
  type IdentityTables,
  identityService,
  identityStore,
  passwordHasher,
  refreshTokens,
  sessionsService,
  signingKeys,
} from '#domains/identity'
import { derivedSecret } from '#platform/crypto'
import type { Platform } from './platform-parts.ts'

export function identityParts({ config, db, sealer, clock, cache, logger }: Platform) {
  const store = identityStore(db.$pickTables<keyof IdentityTables>())
  const ttlSeconds = config.identity.accessTokenTtlSeconds
  const keys = signingKeys({ store, sealer, clock, tokenTtlSeconds: ttlSeconds })
  const access = accessTokens({ keys, clock, issuer: config.http.publicUrl, ttlSeconds })
  const sessions = sessionsService({
    store,
    access,
    refresh: refreshTokens(derivedSecret(config.secrets.appSecret, 'refresh-rotation')),
    cache,
    clock,
    config: config.identity,
    logger,
  })
  const identity = identityService({ store, passwords: passwordHasher(), sessions, clock })
  return { identity, sessions, access, keys }
}
