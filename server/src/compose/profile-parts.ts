import type { identityService } from '#domains/identity'
import { type ProfileTables, profileService, profileStore } from '#domains/profile'
import type { Platform } from './platform-parts.ts'

interface Dependencies {
  identity: ReturnType<typeof identityService>
}

export function profileParts({ db, clock }: Platform, { identity }: Dependencies) {
  const store = profileStore(db.$pickTables<keyof ProfileTables>())
  return { profile: profileService({ store, identity, clock }) }
}
