import type { TrackFacts } from '../recommendations.ports.ts'

export const factsById = (tracks: readonly TrackFacts[]): ReadonlyMap<string, TrackFacts> =>
  new Map(tracks.map((track) => [track.trackId, track]))
