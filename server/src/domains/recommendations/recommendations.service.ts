import { primaryLanguage } from '#platform/language-tag'
import type { ReasonIds } from './ranking/candidates.ts'
import { factsById } from './ranking/facts-by-id.ts'
import { describeReason } from './ranking/reasons.ts'
import { listComputer } from './recommendations.compute.ts'
import { noLanguage, unknownLanguage } from './recommendations.errors.ts'
import { keptLists, type ListDependencies, type ServedList } from './recommendations.lists.ts'
import type {
  DetectedLanguages,
  LanguagePreferences,
  TrackCatalogue,
  TrackFacts,
} from './recommendations.ports.ts'
import type { Recommendation, Recommendations } from './recommendations.schemas.ts'

export interface RecommendationDependencies extends Omit<ListDependencies, 'compute'> {
  catalogue: TrackCatalogue
  language: DetectedLanguages
  profile: LanguagePreferences
  /** How certain a track's language must be, 0-1. */
  minConfidence: number
}

/** Answers requests, here or by asking a process elsewhere: the caller cannot tell. */
export interface Recommender {
  /**
   * Tracks in a language, chosen by what the user listens to.
   * @param lang BCP 47; only its primary subtag counts
   * @param limit 1-100
   * @throws AppError 400 for a text that is no language tag, 503 without a model
   */
  byLanguage(userId: string, lang: string, limit: number): Promise<Recommendations>
  /** The same in the language that the user wants most. @throws AppError 409 when they want none. */
  mine(userId: string, limit: number): Promise<Recommendations>
}

export interface RecommendationService extends Recommender {
  /**
   * Deletes what is kept for a user. Call it when they link or unlink an account, or leave; a list
   * made from an earlier link is not served even without.
   */
  forget(userId: string): Promise<void>
}

/** Recommendations by language, kept for an hour. */
export function recommendationService(
  dependencies: RecommendationDependencies,
): RecommendationService {
  const { catalogue, profile } = dependencies
  const lists = keptLists({ ...dependencies, compute: listComputer(dependencies) })

  async function present({ list, stale }: ServedList, limit: number): Promise<Recommendations> {
    const shown = list.items.slice(0, limit)
    const named = new Set(shown.flatMap(({ trackId, reason }) => [trackId, ...seedOf(reason)]))
    const facts = factsById(await catalogue.byIds([...named]))
    const items = shown.flatMap((item): Recommendation[] => {
      const track = facts.get(item.trackId)
      if (track === undefined) return []
      const reason = describeReason(item.reason, facts, list.lang)
      return [{ track: shownTrack(track), language: item.language, score: item.score, reason }]
    })
    return {
      lang: list.lang,
      items,
      shortfall: limit - items.length,
      seeds: list.seeds,
      basis: list.seeds > 0 ? 'your_listening' : 'popularity',
      model: list.model,
      generatedAt: list.generatedAt,
      ...(stale && { stale }),
    }
  }

  const service: RecommendationService = {
    async byLanguage(userId, lang, limit) {
      const primary = primaryLanguage(lang)
      if (primary === undefined) throw unknownLanguage(lang)
      return present(await lists.list(userId, primary), limit)
    },

    async mine(userId, limit) {
      const [wanted] = await profile.preferredLanguages(userId)
      if (wanted === undefined) throw noLanguage()
      return service.byLanguage(userId, wanted, limit)
    },

    forget: (userId) => lists.forget(userId),
  }
  return service
}

const seedOf = (reason: ReasonIds) => (reason.code === 'popular_in_language' ? [] : [reason.seedId])

const shownTrack = (track: TrackFacts): Recommendation['track'] => ({
  ...track,
  artists: track.artists.map(({ artistId, name }) => ({ artistId, name })),
  genres: [...track.genres],
})
