import type { JsonObject } from './json.ts'

/** The files of the recorded Web API that recorded mode cannot do without. */
export const SPOTIFY_FILES = [
  'current_user',
  'top_tracks',
  'top_artists',
  'recently_played_tracks',
  'saved_tracks',
  'search',
  'artist',
] as const

export type SpotifyAnswers = Record<(typeof SPOTIFY_FILES)[number], JsonObject>
