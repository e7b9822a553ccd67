import type { ModelIndex } from '../model/item-model.ts'
import type { Seed, TrackFacts } from '../recommendations.ports.ts'
import { type NeighbourScore, neighbourScores, type Source } from './neighbour-scores.ts'

/** Why a track is recommended, in ids: names are looked up when it is shown. */
export type ReasonIds =
  | { code: 'because_you_listen_to'; seedId: string }
  | { code: 'more_from_artist'; seedId: string; artistId: string }
  | { code: 'popular_in_language' }

export interface Candidate {
  trackId: string
  /** 0-1, the best candidate has 1. */
  score: number
  reason: ReasonIds
}

/** A track and who it is by. */
type CreditedTrack = Pick<TrackFacts, 'trackId' | 'artists'>

export interface CandidateInput {
  index: ModelIndex | undefined
  /** Primary subtag. */
  language: string
  seeds: readonly Seed[]
  /** Tracks of the seeds' artists. */
  artistTracks: readonly CreditedTrack[]
}

/** How near a track is to the seeds before its language is looked at. */
export interface RawCandidate {
  trackId: string
  /** By the model; 0 when it says nothing. */
  neighbour: number
  neighbourSeedId: string | undefined
  /** The heaviest seed by one of the track's artists. */
  artist: { weight: number; seedId: string; artistId: string } | undefined
}

/** A seed that the model lacks is worth half as much through other tracks of its artists. */
const STAND_IN_WEIGHT = 0.5
/** A full match of artist counts this much beside the nearest neighbour. */
const ARTIST_WEIGHT = 0.4

/** Where in the model to start: at the seeds, or at tracks of their artists in place of them. */
function sourcesOf({ seeds, artistTracks }: CandidateInput, index: ModelIndex): Source[] {
  const total = seeds.reduce((sum, seed) => sum + seed.weight, 0)
  return seeds.flatMap((seed) => {
    const weight = seed.weight / total
    const track = index.numberOf(seed.trackId)
    if (track !== undefined) return [{ track, seedId: seed.trackId, weight }]
    const standIns = artistTracks
      .filter(({ artists }) => artists.some(({ artistId }) => seed.artistIds.includes(artistId)))
      .flatMap(({ trackId }) => index.numberOf(trackId) ?? [])
    const share = (weight * STAND_IN_WEIGHT) / standIns.length
    return standIns.map((standIn) => ({ track: standIn, seedId: seed.trackId, weight: share }))
  })
}

/** Lets in tracks that the model holds for the language, and those whose language it lacks. */
function admitter({ model }: ModelIndex, language: string): (track: number) => boolean {
  const wanted = model.languages.indexOf(language)
  return (track) => {
    const from = model.languageOffsets[track] ?? 0
    const to = model.languageOffsets[track + 1] ?? 0
    return from === to || model.trackLanguages.subarray(from, to).includes(wanted)
  }
}

function heaviestSeedByArtist(seeds: readonly Seed[]): Map<string, Seed> {
  const heaviest = new Map<string, Seed>()
  for (const seed of seeds) {
    for (const artistId of seed.artistIds) {
      const known = heaviest.get(artistId)
      if (known === undefined || seed.weight > known.weight) heaviest.set(artistId, seed)
    }
  }
  return heaviest
}

function artistMatch({ artists }: CreditedTrack, byArtist: ReadonlyMap<string, Seed>) {
  let best: RawCandidate['artist']
  for (const { artistId } of artists) {
    const seed = byArtist.get(artistId)
    if (seed !== undefined && seed.weight > (best?.weight ?? 0)) {
      best = { weight: seed.weight, seedId: seed.trackId, artistId }
    }
  }
  return best
}

/** Tracks that may be near: neighbours in the model, and tracks of the seeds' artists. */
export function rawCandidates(input: CandidateInput): RawCandidate[] {
  const { index, language, seeds, artistTracks } = input
  const near: [string, NeighbourScore][] =
    index === undefined
      ? []
      : [...neighbourScores(index, sourcesOf(input, index), admitter(index, language))].map(
          ([track, score]) => [index.model.trackIds[track] ?? '', score],
        )
  const byTrack = new Map<string, RawCandidate>(
    near.map(([trackId, { score, seedId }]) => [
      trackId,
      { trackId, neighbour: score, neighbourSeedId: seedId, artist: undefined },
    ]),
  )
  const byArtist = heaviestSeedByArtist(seeds)
  for (const track of artistTracks) {
    const artist = artistMatch(track, byArtist)
    const { trackId } = track
    const known = byTrack.get(trackId) ?? { trackId, neighbour: 0, neighbourSeedId: undefined }
    if (artist !== undefined) byTrack.set(trackId, { ...known, artist })
  }
  return [...byTrack.values()]
}

/** Scores relative to the best of the list, so call it with what the language has left over. */
export function scoreCandidates(raw: readonly RawCandidate[]): Candidate[] {
  const nearest = raw.reduce((most, { neighbour }) => Math.max(most, neighbour), 0)
  const heaviest = raw.reduce((most, { artist }) => Math.max(most, artist?.weight ?? 0), 0)
  const scored = raw.map((candidate): Candidate => {
    const { trackId, artist, neighbourSeedId } = candidate
    const near = nearest > 0 ? candidate.neighbour / nearest : 0
    const byArtist = artist === undefined ? 0 : (ARTIST_WEIGHT * artist.weight) / heaviest
    const reason: ReasonIds =
      artist !== undefined && (byArtist > near || neighbourSeedId === undefined)
        ? { code: 'more_from_artist', seedId: artist.seedId, artistId: artist.artistId }
        : { code: 'because_you_listen_to', seedId: neighbourSeedId ?? '' }
    return { trackId, score: near + byArtist, reason }
  })
  return relative(scored)
}

/** Best first with scores relative to the best; equal scores are ordered by id. */
function relative(candidates: readonly Candidate[]): Candidate[] {
  const best = candidates.reduce((most, { score }) => Math.max(most, score), 0)
  return candidates
    .map((candidate) => ({ ...candidate, score: best > 0 ? candidate.score / best : 0 }))
    .toSorted((a, b) => b.score - a.score || (a.trackId < b.trackId ? -1 : 1))
}

/** The tracks most listened to in a language, with scores from `ceiling` down. */
export function popularCandidates(
  index: ModelIndex,
  language: string,
  { count, ceiling }: { count: number; ceiling: number },
): Candidate[] {
  const { model } = index
  const tracks = Array.from(index.popularIn(language).subarray(0, count))
  const most = model.popularity[tracks[0] ?? 0] ?? 0
  return tracks.map((track) => ({
    trackId: model.trackIds[track] ?? '',
    score: most > 0 ? (ceiling * (model.popularity[track] ?? 0)) / most : 0,
    reason: { code: 'popular_in_language' },
  }))
}
