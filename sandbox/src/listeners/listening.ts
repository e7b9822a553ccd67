import type { Catalogue } from '../catalogue/catalogue.ts'
import type { Play } from './history.ts'

export type TimeRange = 'short_term' | 'medium_term' | 'long_term'

/** Spotify's own words: about four weeks, about six months, about one year. */
const RANGE_DAYS: Record<TimeRange, number> = { short_term: 28, medium_term: 182, long_term: 365 }
const DAY_MS = 86_400_000
/** A song is saved when it has been played this often. */
const PLAYS_TO_SAVE = 4

interface SavedTrack {
  readonly trackIndex: number
  readonly savedAtMs: number
}

/** What one listener's plays add up to. */
export interface Listening {
  /** Oldest first. */
  readonly plays: readonly Play[]
  /** Most played in the range first. */
  topTracks(range: TimeRange): number[]
  topArtists(range: TimeRange): string[]
  /** Newest first. */
  readonly saved: readonly SavedTrack[]
}

interface Tally {
  count: number
  lastMs: number
}

function ranked<K>(tallies: ReadonlyMap<K, Tally>): K[] {
  return [...tallies]
    .sort(([, a], [, b]) => b.count - a.count || b.lastMs - a.lastMs)
    .map(([key]) => key)
}

function add<K>(tallies: Map<K, Tally>, key: K, playedAtMs: number): void {
  const tally = tallies.get(key) ?? { count: 0, lastMs: 0 }
  tally.count += 1
  tally.lastMs = playedAtMs
  tallies.set(key, tally)
}

function savedTracks(plays: readonly Play[]): SavedTrack[] {
  const counts = new Map<number, number>()
  const saved: SavedTrack[] = []
  for (const { trackIndex, playedAtMs } of plays) {
    const count = (counts.get(trackIndex) ?? 0) + 1
    counts.set(trackIndex, count)
    if (count === PLAYS_TO_SAVE) saved.push({ trackIndex, savedAtMs: playedAtMs })
  }
  return saved.reverse()
}

/** @param endMs the end of the history, from which the ranges count back. */
export function listeningOf(
  catalogue: Catalogue,
  plays: readonly Play[],
  endMs: number,
): Listening {
  const within = (range: TimeRange) =>
    plays.filter(({ playedAtMs }) => playedAtMs > endMs - RANGE_DAYS[range] * DAY_MS)
  return {
    plays,
    saved: savedTracks(plays),
    topTracks(range) {
      const tallies = new Map<number, Tally>()
      for (const play of within(range)) add(tallies, play.trackIndex, play.playedAtMs)
      return ranked(tallies)
    },
    topArtists(range) {
      const tallies = new Map<string, Tally>()
      for (const play of within(range)) {
        for (const id of catalogue.tracks[play.trackIndex]?.artistIds ?? []) {
          add(tallies, id, play.playedAtMs)
        }
      }
      return ranked(tallies)
    },
  }
}
