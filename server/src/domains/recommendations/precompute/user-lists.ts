import type { Clock } from '#platform/clock'
import { primaryLanguage } from '#platform/language-tag'
import type { ComputeList } from '../recommendations.compute.ts'
import type { LanguagePreferences, ListenedMusic } from '../recommendations.ports.ts'
import { seedsOf } from '../recommendations.seeds.ts'
import type { StoredList } from '../recommendations.store.ts'
import type { ServedModel } from '../registry/model-loader.ts'

export interface UserListDependencies {
  music: ListenedMusic
  profile: LanguagePreferences
  compute: ComputeList
  clock: Clock
  /** How long the lists are good, in seconds. */
  ttlSeconds: number
}

/** Further languages are made when they are asked for. */
const LANGUAGES_A_USER = 3
const NO_LINK = 'none'

/** Makes a user's lists in the languages they want most; none for one of whom nothing is known. */
export function userLists({ music, profile, compute, clock, ttlSeconds }: UserListDependencies) {
  return async (userId: string, model: ServedModel): Promise<StoredList[]> => {
    const linkGeneration = await music.linkGeneration(userId)
    if (linkGeneration === NO_LINK) return []
    const wanted = (await profile.preferredLanguages(userId)).flatMap(
      (tag) => primaryLanguage(tag) ?? [],
    )
    const languages = [...new Set(wanted)].slice(0, LANGUAGES_A_USER)
    if (languages.length === 0) return []
    const seeds = await seedsOf(music, userId)
    if (seeds.length === 0) return []
    const expiresAt = new Date(clock.now().getTime() + ttlSeconds * 1000)
    const lists: StoredList[] = []
    for (const lang of languages) {
      const list = await compute({ lang, seeds, model })
      lists.push({ list, linkGeneration, modelVersion: model.version, expiresAt })
    }
    return lists
  }
}
