/**
 * Identity: who somebody is and what they may do. Owns `user_account`, `session`,
 * `refresh_token` and `signing_key`.
 */
export { accessTokens } from './access-tokens.ts'
export { activeUserStore } from './active-users.store.ts'
export { identityRoutes, keySetRoutes } from './identity.routes.ts'
export { type Identity, identityService } from './identity.service.ts'
export { identityStore } from './identity.store.ts'
export type { IdentityTables } from './identity.tables.ts'
export { passwordHasher } from './passwords.ts'
export { refreshTokens } from './refresh-tokens.ts'
export { sessionsService } from './sessions.service.ts'
export { signingKeys } from './signing-keys.ts'
