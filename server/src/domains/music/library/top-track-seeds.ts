import { AppError } from '#platform/errors'
import type { TrackCatalogue } from '../catalogue/track-catalogue.ts'
import type { TimeRange } from '../music.schemas.ts'
import type { TopLists } from './top-lists.ts'

interface TopTrackSeed {
  trackId: string
  artistIds: string[]
  /** Above 0, at most 1, and higher the higher and the more often the track is listed. */
  weight: number
}

export interface TopTrackSeeds {
  /**
   * What a user listens to most over all time ranges, the heaviest first.
   * @throws AppError of the link or the provider when no list was ever seen.
   */
  topTrackSeeds(userId: string): Promise<TopTrackSeed[]>
  /**
   * Part of the key of whatever is kept that was made from the seeds: another text as soon as the
   * user links or unlinks, in any process. `none` without a link.
   */
  linkGeneration(userId: string): Promise<string>
}

const PROVIDER = 'spotify'
const TIME_RANGES: readonly TimeRange[] = ['short_term', 'medium_term', 'long_term']
const LINK_FAULTS = new Set([
  'music.not_linked',
  'music.relink_required',
  'music.provider_not_configured',
])

/** The discount of DCG (Järvelin & Kekäläinen 2002): rank 1 counts 1, rank 3 a half. */
const discount = (rank: number) => 1 / Math.log2(rank + 1)

const isLinkFault = (error: unknown) => error instanceof AppError && LINK_FAULTS.has(error.code)

/** The mean of a track's discounts over the lists, by track id. */
function weights(lists: readonly (readonly string[])[]): Map<string, number> {
  const total = new Map<string, number>()
  for (const list of lists) {
    for (const [index, trackId] of list.entries()) {
      const share = discount(index + 1) / lists.length
      total.set(trackId, (total.get(trackId) ?? 0) + share)
    }
  }
  return total
}

export function topTrackSeeds({
  topLists,
  catalogue,
}: {
  topLists: TopLists
  catalogue: TrackCatalogue
}): TopTrackSeeds {
  /** Without a working link, what was last seen through it. */
  async function listOf(userId: string, timeRange: TimeRange): Promise<string[]> {
    try {
      return (await topLists.top(userId, PROVIDER, 'tracks', timeRange)).itemIds
    } catch (error) {
      if (!isLinkFault(error)) throw error
      const seen = await topLists.lastSeen(userId, PROVIDER, 'tracks', timeRange)
      if (seen === undefined) throw error
      return seen.itemIds
    }
  }

  /** One list that fails takes nothing from the others; only if all fail is there an error. */
  async function weighted(userId: string): Promise<Map<string, number>> {
    const asked = await Promise.allSettled(TIME_RANGES.map((range) => listOf(userId, range)))
    const lists = asked.flatMap((list) => (list.status === 'fulfilled' ? [list.value] : []))
    const failed = asked.find((list) => list.status === 'rejected')
    if (lists.length === 0 && failed !== undefined) throw failed.reason
    return weights(lists)
  }

  return {
    async topTrackSeeds(userId) {
      const weightById = await weighted(userId)
      const facts = await catalogue.byIds([...weightById.keys()])
      return facts
        .map(({ trackId, artists }) => ({
          trackId,
          artistIds: artists.map(({ artistId }) => artistId),
          weight: weightById.get(trackId) ?? 0,
        }))
        .toSorted((a, b) => b.weight - a.weight)
    },

    linkGeneration: (userId) => topLists.linkGeneration(userId, PROVIDER),
  }
}
