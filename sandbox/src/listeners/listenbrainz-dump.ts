import type { Catalogue, Track } from '../catalogue/catalogue.ts'
import type { Population } from './population.ts'

function trackMetadata(track: Track, albumTitle: string) {
  return {
    artist_name: track.artistNames.join(', '),
    track_name: track.title,
    release_name: albumTitle,
    additional_info: {
      isrc: track.isrc,
      spotify_id: `https://open.spotify.com/track/${track.id}`,
      duration_ms: track.durationMs,
      artist_names: track.artistNames,
    },
  }
}

/**
 * Every play as one JSON line of a ListenBrainz listens dump
 * (https://listenbrainz.readthedocs.io/en/latest/users/listenbrainz-dumps.html), oldest first for
 * each listener. Languages and genres are left out, as a real dump has none.
 */
export function* listenBrainzLines(
  catalogue: Catalogue,
  population: Population,
): Generator<string> {
  for (const { profile, listening } of population.listeners) {
    for (const { trackIndex, playedAtMs } of listening.plays) {
      const track = catalogue.tracks[trackIndex]
      if (track === undefined) continue
      const album = catalogue.albumById.get(track.albumId)?.title ?? track.title
      const line = {
        user_name: profile.login,
        listened_at: Math.floor(playedAtMs / 1000),
        track_metadata: trackMetadata(track, album),
      }
      yield `${JSON.stringify(line)}\n`
    }
  }
}
