import { type Static, Type } from 'typebox'
import { type Cache, userTag } from '#platform/cache'
import type { Clock } from '#platform/clock'
import { ProviderError } from '#platform/outbound'
import type { TrackCatalogue } from '../catalogue/track-catalogue.ts'
import type { AccountLinks } from '../links/account-links.ts'
import { publicFault } from '../music.errors.ts'
import type { ProviderName } from '../music.ports.ts'
import type { TimeRange } from '../music.schemas.ts'
import type { Snapshot, SnapshotKey, SnapshotStore } from './snapshot.store.ts'
import type { TopKind } from './snapshot.tables.ts'

export interface TopListsDependencies {
  links: AccountLinks
  catalogue: TrackCatalogue
  store: SnapshotStore
  cache: Cache
  clock: Clock
}

export interface TopList {
  itemIds: string[]
  fetchedAt: Date
  /** True when the provider did not answer and this is what it said earlier. */
  stale: boolean
}

const TTL_SECONDS = 900
/** One call serves every smaller limit too. */
const FETCHED_ITEMS = 50

/** As cached: dates do not survive serialisation. */
const CachedList = Type.Object({ itemIds: Type.Array(Type.String()), fetchedAtMs: Type.Number() })
type CachedList = Static<typeof CachedList>

/** Faults that pass by themselves; any other needs the user or the operator to act. */
const isPassing = (error: unknown) =>
  error instanceof ProviderError &&
  (error.fault === 'unavailable' || error.fault === 'rate-limited')

/** What users listen to most, by our ids: cached, and kept for when the provider is down. */
export function topLists({ links, catalogue, store, cache, clock }: TopListsDependencies) {
  async function fetchIds({ userId, provider: name, kind, timeRange }: SnapshotKey) {
    const provider = links.provider(name)
    const page = { timeRange, limit: FETCHED_ITEMS }
    if (kind === 'tracks') {
      const tracks = await links.withAccess(userId, name, (t) => provider.topTracks(t, page))
      return (await catalogue.record(tracks, name)).map(({ trackId }) => trackId)
    }
    const artists = await links.withAccess(userId, name, (t) => provider.topArtists(t, page))
    return (await catalogue.recordArtists(artists, name)).map(({ artistId }) => artistId)
  }

  async function fetchList(key: SnapshotKey, linkId: string): Promise<Snapshot> {
    // Two releases of one recording are one track of ours.
    const itemIds = [...new Set(await fetchIds(key))]
    const snapshot = { itemIds, fetchedAt: clock.now() }
    await store.save(key, linkId, snapshot)
    return snapshot
  }

  return {
    linkGeneration: links.linkGeneration,

    /**
     * The list as it was at most 15 minutes ago; while the provider fails, as it was last seen.
     * @throws AppError when there is no working link, or nothing was ever seen.
     */
    async top(
      userId: string,
      provider: ProviderName,
      kind: TopKind,
      timeRange: TimeRange,
    ): Promise<TopList> {
      const key = { userId, provider, kind, timeRange }
      // The link's id is part of the cache's key, so unlinking makes what is cached unreachable,
      // in every process.
      const linkId = await links.linkId(userId, provider)
      try {
        const { itemIds, fetchedAtMs } = await cache.through<CachedList>(
          `top-${kind}:${linkId}:${timeRange}`,
          { ttlSeconds: TTL_SECONDS, tags: [userTag(userId)], shape: CachedList },
          async () => {
            const snapshot = await fetchList(key, linkId)
            return { itemIds: snapshot.itemIds, fetchedAtMs: snapshot.fetchedAt.getTime() }
          },
        )
        return { itemIds, fetchedAt: new Date(fetchedAtMs), stale: false }
      } catch (error) {
        const last = isPassing(error) ? await store.snapshot(key) : undefined
        if (last === undefined) throw publicFault(error)
        return { ...last, stale: true }
      }
    },

    /** The list as it was last seen, whatever became of the link; undefined if it never was. */
    lastSeen: (
      userId: string,
      provider: ProviderName,
      kind: TopKind,
      timeRange: TimeRange,
    ): Promise<Snapshot | undefined> => store.snapshot({ userId, provider, kind, timeRange }),
  }
}

export type TopLists = ReturnType<typeof topLists>
