/**
 * Profile: what a user is called, which languages they want and what they have consented to. Owns
 * `user_profile` and `user_consent`.
 */
export { consentRoutes } from './consent.routes.ts'
export { consentService, type UserConsents } from './consent.service.ts'
export { consentStore } from './consent.store.ts'
export { profileRoutes } from './profile.routes.ts'
export { profileService } from './profile.service.ts'
export { profileStore } from './profile.store.ts'
export type { ProfileTables } from './profile.tables.ts'
