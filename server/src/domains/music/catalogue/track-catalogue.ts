import { v7 as uuidv7 } from 'uuid'
import type { Clock } from '#platform/clock'
import type { ProviderArtist, ProviderName, ProviderTrack, TracksAdded } from '../music.ports.ts'
import type { Artist, TrackFacts } from '../music.schemas.ts'
import type { CatalogueStore, Recording } from './catalogue.store.ts'
import {
  type ArtistEntry,
  entryOfArtist,
  entryOfTrack,
  storableArtist,
  storableEntry,
  type TrackEntry,
  trackNameKey,
} from './catalogue-entry.ts'
import { nameKey } from './external-key.ts'
import type { FactReads } from './fact-reads.store.ts'
import { provenance } from './provenance.ts'
import { readArtists, readTracks } from './read-facts.ts'
import { resolveEntities } from './resolve-entities.ts'
import { withTheRest } from './with-the-rest.ts'

export interface CatalogueDependencies {
  store: CatalogueStore
  /** May be a little behind `store`, which is asked for what it lacks. Default: the store itself. */
  reads?: FactReads
  tracksAdded: TracksAdded
  clock: Clock
}

/** Every track and artist that was ever met, whoever described it. */
export interface TrackCatalogue {
  /** Finds (by ISRC, then by the provider's id) or adds each track; facts in the order given. */
  record(tracks: readonly ProviderTrack[], origin: ProviderName): Promise<TrackFacts[]>
  recordArtists(artists: readonly ProviderArtist[], origin: ProviderName): Promise<Artist[]>
  /** As `record`, for tracks with ids of any kind, or none; their ids in the order given. */
  recordEntries(entries: readonly TrackEntry[], origin: string): Promise<string[]>
  /** In the order asked for; unknown ids are left out. */
  byIds(trackIds: readonly string[]): Promise<TrackFacts[]>
  artistsByIds(artistIds: readonly string[]): Promise<Artist[]>
  /** The next tracks in id order, from the first one when `trackId` is null: for a sweep. */
  after(trackId: string | null, limit: number): Promise<TrackFacts[]>
  /** Tracks by any of the artists, at most `limit`, fairly shared among them. */
  artistsTracks(artistIds: readonly string[], limit: number): Promise<TrackFacts[]>
}

/** Of several things said about one id, the first: one row can be written only once a statement. */
function firstOfEach<T>(items: readonly T[], idOf: (item: T) => string): T[] {
  const seen = new Map<string, T>()
  for (const item of items) if (!seen.has(idOf(item))) seen.set(idOf(item), item)
  return [...seen.values()]
}

async function recordArtistEntries(
  { keys, facts }: Recording,
  entries: readonly ArtistEntry[],
): Promise<string[]> {
  const claimants = entries.map(({ ids, name }) => ({ ids, name: nameKey(name) }))
  const { ids, created } = await resolveEntities(keys, 'artist', claimants, uuidv7)
  await facts.addArtists(created)
  const identified = entries.map((entry, index) => ({ artistId: ids[index] ?? '', entry }))
  await facts.saveArtists(firstOfEach(identified, ({ artistId }) => artistId))
  return ids
}

/** Artists before tracks, always: a second order would let two transactions wait for each other. */
async function recordTrackEntries(
  recording: Recording,
  entries: readonly TrackEntry[],
  tracksAdded: TracksAdded,
): Promise<string[]> {
  const { keys, facts, within } = recording
  const artistIds = await recordArtistEntries(
    recording,
    entries.flatMap(({ artists }) => artists),
  )
  const claimants = entries.map((entry) => ({ ids: entry.ids, name: trackNameKey(entry) }))
  const { ids, created } = await resolveEntities(keys, 'track', claimants, uuidv7)
  let next = 0
  const identified = entries.map((entry, index) => {
    const from = next
    next += entry.artists.length
    const credited = [...new Set(artistIds.slice(from, next))]
    return { trackId: ids[index] ?? '', entry, artistIds: credited }
  })
  const distinct = firstOfEach(identified, ({ trackId }) => trackId)
  await facts.addTracks(created)
  await facts.saveTracks(distinct)
  await facts.saveCredits(distinct)
  if (created.length > 0) await tracksAdded(created, within)
  return ids
}

export function trackCatalogue({
  store,
  reads = store,
  tracksAdded,
  clock,
}: CatalogueDependencies): TrackCatalogue {
  const tracksOf = (source: FactReads) => (trackIds: readonly string[]) =>
    readTracks(source, trackIds, clock.now())
  const artistsOf = (source: FactReads) => (artistIds: readonly string[]) =>
    readArtists(source, artistIds, clock.now())

  function byIds(trackIds: readonly string[]): Promise<TrackFacts[]> {
    if (reads === store) return tracksOf(store)(trackIds)
    const idOf = ({ trackId }: TrackFacts) => trackId
    return withTheRest(trackIds, idOf, tracksOf(reads), tracksOf(store))
  }

  function artistsByIds(artistIds: readonly string[]): Promise<Artist[]> {
    if (reads === store) return artistsOf(store)(artistIds)
    const idOf = ({ artistId }: Artist) => artistId
    return withTheRest(artistIds, idOf, artistsOf(reads), artistsOf(store))
  }

  async function recordEntries(entries: readonly TrackEntry[], origin: string): Promise<string[]> {
    if (entries.length === 0) return []
    const storable = entries.map(storableEntry)
    return store.recording(provenance(origin, clock.now()), (recording) =>
      recordTrackEntries(recording, storable, tracksAdded),
    )
  }

  return {
    byIds,
    artistsByIds,
    recordEntries,
    async record(tracks, origin) {
      const entries = tracks.map((track) => entryOfTrack(track, origin))
      // What was just written is shown as it was written.
      return tracksOf(store)(await recordEntries(entries, origin))
    },
    async recordArtists(artists, origin) {
      if (artists.length === 0) return []
      const entries = artists.map((artist) => storableArtist(entryOfArtist(artist, origin)))
      const ids = await store.recording(provenance(origin, clock.now()), (recording) =>
        recordArtistEntries(recording, entries),
      )
      return artistsOf(store)(ids)
    },
    async after(trackId, limit) {
      return tracksOf(store)(await store.trackIdsAfter(trackId, limit))
    },
    async artistsTracks(artistIds, limit) {
      return byIds(await reads.trackIdsOfArtists(artistIds, limit))
    },
  }
}
