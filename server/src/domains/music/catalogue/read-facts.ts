import type { Artist, TrackFacts } from '../music.schemas.ts'
import type { Namespace } from './catalogue.tables.ts'
import type { FactReads } from './fact-reads.store.ts'
import { byPreference, shownFacts } from './provenance.ts'

interface IdRow {
  entity_id: string
  namespace: Namespace
  value: string
}

const idIn = (ids: readonly IdRow[], wanted: Namespace) =>
  ids.find(({ namespace }) => namespace === wanted)?.value

function linksOf(ids: readonly IdRow[], entity: 'artist' | 'track'): TrackFacts['links'] {
  const spotify = idIn(ids, 'spotify')
  return spotify === undefined ? {} : { spotify: `https://open.spotify.com/${entity}/${spotify}` }
}

/** The first thing that any origin says, from the most preferred on. */
const firstSaid = <T, V>(facts: readonly T[], pick: (fact: T) => V | null): V | null =>
  facts.map(pick).find((value) => value !== null) ?? null

/** Artists in the order asked for; without those that nothing is known of. */
export async function readArtists(
  reads: FactReads,
  artistIds: readonly string[],
  now: Date,
): Promise<Artist[]> {
  if (artistIds.length === 0) return []
  const [facts, ids] = await Promise.all([
    reads.artistFacts(artistIds),
    reads.externalIds(artistIds),
  ])
  const factsById = Map.groupBy(facts, (fact) => fact.artist_id)
  const idsById = Map.groupBy(ids, (id) => id.entity_id)
  return artistIds.flatMap((artistId) => {
    const known = shownFacts(factsById.get(artistId) ?? [], now)
    const [best] = known
    if (best === undefined) return []
    const genres = [...new Set(known.flatMap((fact) => fact.genres))]
    const links = linksOf(idsById.get(artistId) ?? [], 'artist')
    return [{ artistId, name: best.name, genres, links }]
  })
}

/** Tracks in the order asked for; without those that nothing is known of. */
export async function readTracks(
  reads: FactReads,
  trackIds: readonly string[],
  now: Date,
): Promise<TrackFacts[]> {
  if (trackIds.length === 0) return []
  const [facts, allCredits, ids] = await Promise.all([
    reads.trackFacts(trackIds),
    reads.credits(trackIds),
    reads.externalIds(trackIds),
  ])
  const artistIds = [...new Set(allCredits.map((row) => row.artist_id))]
  const artists = await readArtists(reads, artistIds, now)
  const artistById = new Map(artists.map((artist) => [artist.artistId, artist]))
  const factsById = Map.groupBy(facts, (fact) => fact.track_id)
  const creditsById = Map.groupBy(allCredits, (credit) => credit.track_id)
  const idsById = Map.groupBy(ids, (id) => id.entity_id)

  return trackIds.flatMap((trackId): TrackFacts[] => {
    const known = shownFacts(factsById.get(trackId) ?? [], now)
    const [best] = known
    if (best === undefined) return []
    const shown = new Set(known.map(({ origin }) => origin))
    const credits = (creditsById.get(trackId) ?? []).filter(({ origin }) => shown.has(origin))
    const credited = byPreference(credits)
    const lineUp = credited
      .filter(({ origin }) => origin === credited[0]?.origin)
      .flatMap((credit) => artistById.get(credit.artist_id) ?? [])
    const trackKeys = idsById.get(trackId) ?? []
    return [
      {
        trackId,
        title: best.title,
        artists: lineUp.map(({ artistId, name }) => ({ artistId, name })),
        album: firstSaid(known, (fact) => fact.album),
        releaseYear: firstSaid(known, (fact) => fact.release_year),
        isrc: idIn(trackKeys, 'isrc') ?? null,
        durationMs: firstSaid(known, (fact) => fact.duration_ms),
        genres: [...new Set(lineUp.flatMap(({ genres }) => genres))].slice(0, 200),
        links: linksOf(trackKeys, 'track'),
      },
    ]
  })
}
