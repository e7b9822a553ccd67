import type { TrackFacts } from '../recommendations.ports.ts'
import type { Candidate } from './candidates.ts'
import { songKey } from './same-song.ts'

export interface PickOptions {
  facts: ReadonlyMap<string, TrackFacts>
  /** Tracks that the user has: neither they nor other releases of them are picked. */
  owned: ReadonlySet<string>
  /** Tracks picked at most. */
  count: number
  /** Tracks picked at most of any one artist, whether alone or with others. */
  perArtist: number
}

/**
 * Picks from the front, leaving out what the user has, second releases of a song, and artists
 * who have had their share. A shorter list is the front of a longer one.
 */
export function pickDiverse(candidates: readonly Candidate[], options: PickOptions): Candidate[] {
  const { facts, owned, count, perArtist } = options
  const songs = new Set([...owned].flatMap((id) => [...keysOf(facts.get(id))]))
  const tracksByArtist = new Map<string, number>()
  const picked: Candidate[] = []
  for (const candidate of candidates) {
    if (picked.length === count) break
    const track = facts.get(candidate.trackId)
    if (track === undefined || owned.has(candidate.trackId) || songs.has(songKey(track))) continue
    const artists = track.artists.map(({ artistId }) => artistId)
    if (artists.some((artist) => (tracksByArtist.get(artist) ?? 0) >= perArtist)) continue
    for (const artist of artists) tracksByArtist.set(artist, (tracksByArtist.get(artist) ?? 0) + 1)
    songs.add(songKey(track))
    picked.push(candidate)
  }
  return picked
}

const keysOf = (track: TrackFacts | undefined) => (track === undefined ? [] : [songKey(track)])
