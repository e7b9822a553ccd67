import type { identityService } from '#domains/identity'
import {
  consentService,
  consentStore,
  type ProfileTables,
  profileService,
  profileStore,
} from '#domains/profile'
import { outbox } from '#platform/events'
import type { Platform } from './platform-parts.ts'

interface Dependencies {
  identity: ReturnType<typeof identityService>
}

export function profileParts({ db, cache, clock }: Platform, { identity }: Dependencies) {
  const tables = db.$pickTables<keyof ProfileTables>()
  return {
    profile: profileService({ store: profileStore(tables), identity, clock }),
    consents: consentService({
      store: consentStore(tables),
      cache,
      outbox: outbox({ clock }),
      clock,
    }),
  }
}
