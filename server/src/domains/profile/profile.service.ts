import type { Identity } from '#domains/identity'
import type { Clock } from '#platform/clock'
import { canonicalTag } from '#platform/language-tag'
import { unknownLanguage, userNotFound } from './profile.errors.ts'
import type { User, UserChange } from './profile.schemas.ts'
import type { ProfileStore } from './profile.store.ts'

export interface Profile {
  /** @throws AppError 404 when the account is gone. */
  user(userId: string): Promise<User>
  /** @throws AppError 400 for a text that is no language tag. */
  change(userId: string, change: UserChange): Promise<User>
  /** Puts a language first, keeping the others. */
  preferLanguage(userId: string, tag: string): Promise<User>
  /** BCP 47 tags, the most wanted first; empty when the user has not said. */
  preferredLanguages(userId: string): Promise<string[]>
}

export interface ProfileDependencies {
  store: ProfileStore
  identity: Pick<Identity, 'account'>
  clock: Clock
}

const MAX_LANGUAGES = 10

/** The tag in its canonical spelling. @throws AppError 400 */
function readTag(text: string): string {
  const tag = canonicalTag(text)
  if (tag === undefined) throw unknownLanguage(text)
  return tag
}

export function profileService({ store, identity, clock }: ProfileDependencies): Profile {
  const profile: Profile = {
    async user(userId) {
      const [account, row] = await Promise.all([identity.account(userId), store.profile(userId)])
      if (account === undefined) throw userNotFound()
      return {
        id: account.userId,
        email: account.email,
        role: account.role,
        displayName: row?.display_name ?? '',
        preferredLanguages: row?.preferred_languages ?? [],
        createdAt: account.createdAt.toISOString(),
      }
    },

    async change(userId, { displayName, preferredLanguages }) {
      const tags = preferredLanguages?.map(readTag)
      await store.change(
        userId,
        {
          ...(displayName !== undefined && { displayName: displayName.trim() }),
          ...(tags !== undefined && { preferredLanguages: [...new Set(tags)] }),
        },
        clock.now(),
      )
      return profile.user(userId)
    },

    async preferLanguage(userId, tag) {
      await store.preferLanguage(userId, readTag(tag), MAX_LANGUAGES, clock.now())
      return profile.user(userId)
    },

    async preferredLanguages(userId) {
      return (await store.profile(userId))?.preferred_languages ?? []
    },
  }
  return profile
}
