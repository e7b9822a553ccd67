import { errorCode } from '#platform/errors'
import type { ListenedMusic, Seed } from './recommendations.ports.ts'

/** Faults of a link through which nothing was ever seen. */
const WITHOUT_SEEDS = new Set([
  'music.not_linked',
  'music.relink_required',
  'music.provider_not_configured',
])

/** What to start from; none for a user of whom nothing is known. @throws other faults of music. */
export async function seedsOf(music: ListenedMusic, userId: string): Promise<readonly Seed[]> {
  try {
    const seeds = await music.topTrackSeeds(userId)
    return seeds.filter(({ weight }) => weight > 0)
  } catch (error) {
    if (WITHOUT_SEEDS.has(errorCode(error) ?? '')) return []
    throw error
  }
}
