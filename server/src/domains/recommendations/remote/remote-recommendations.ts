import type { Cache } from '#platform/cache'
import { primaryLanguage } from '#platform/language-tag'
import { noLanguage, unknownLanguage } from '../recommendations.errors.ts'
import type { LanguagePreferences, ListenedMusic } from '../recommendations.ports.ts'
import { Recommendations } from '../recommendations.schemas.ts'
import type { Recommender } from '../recommendations.service.ts'
import type { RecoClient } from './reco-client.ts'

export interface RemoteDependencies {
  client: Pick<RecoClient, 'byLanguage'>
  cache: Cache
  music: Pick<ListenedMusic, 'linkGeneration'>
  profile: LanguagePreferences
}

/**
 * Short, since the other side keeps lists for as long as they are good; long enough that whoever
 * pages to and fro costs one call. An old answer stands in for hours for one that cannot be had.
 */
const POLICY = { ttlSeconds: 30, staleSeconds: 3 * 3600, shape: Recommendations }

/** Recommendations made by a process elsewhere, behind the interface of those made here. */
export function remoteRecommendations(dependencies: RemoteDependencies): Recommender {
  const { client, cache, music, profile } = dependencies

  const recommender: Recommender = {
    async byLanguage(userId, tag, limit) {
      const lang = primaryLanguage(tag)
      if (lang === undefined) throw unknownLanguage(tag)
      // As with lists that are made here: what a link has given is not served once it has ended.
      const link = await music.linkGeneration(userId)
      const { value, stale } = await cache.throughAged(
        `reco-remote:${userId}:${link}:${lang}:${limit}`,
        { ...POLICY, tags: [`user:${userId}`] },
        () => client.byLanguage({ userId, lang, limit }),
      )
      return stale ? { ...value, stale } : value
    },

    async mine(userId, limit) {
      const [wanted] = await profile.preferredLanguages(userId)
      if (wanted === undefined) throw noLanguage()
      return recommender.byLanguage(userId, wanted, limit)
    },
  }
  return recommender
}
