/** Profile: what a user is called and which languages they want. Owns `user_profile`. */
export { profileRoutes } from './profile.routes.ts'
export { profileService } from './profile.service.ts'
export { profileStore } from './profile.store.ts'
export type { ProfileTables } from './profile.tables.ts'
