import type { Interaction } from './model/interactions.ts'

/** A track that the user listens to much. */
export interface Seed {
  trackId: string
  /** The main artist first. */
  artistIds: readonly string[]
  /** Above 0; how much it counts beside the other seeds. */
  weight: number
}

/** What an answer shows of a track. */
export interface TrackFacts {
  trackId: string
  title: string
  /** The main artist first. */
  artists: readonly { artistId: string; name: string }[]
  album: string | null
  releaseYear: number | null
  isrc: string | null
  durationMs: number | null
  genres: readonly string[]
  links: { spotify?: string }
}

export interface TrackLanguage {
  status: 'detected' | 'unknown' | 'pending'
  /** BCP 47; the main language. */
  tag: string | null
  /** 0-1 */
  confidence: number | null
  /** All languages it is sung in. */
  languages: readonly { tag: string; confidence: number }[]
}

/** What a user listens to. */
export interface ListenedMusic {
  /** @throws AppError `music.not_linked` (or another fault of the link) without a list to go by. */
  topTrackSeeds(userId: string): Promise<readonly Seed[]>
  /** Another text after every linking and unlinking, in any process; `none` without a link. */
  linkGeneration(userId: string): Promise<string>
}

/** Which tracks there are. */
export interface TrackCatalogue {
  /** Unknown tracks are left out. */
  byIds(trackIds: readonly string[]): Promise<readonly TrackFacts[]>
  /** Tracks by any of the artists, at most `limit`, fairly shared among them. */
  artistsTracks(artistIds: readonly string[], limit: number): Promise<readonly TrackFacts[]>
}

/** Plays that models may be trained on; never a row that came from Spotify. */
export interface TrainingMusic {
  trainingInteractions(): AsyncIterable<Interaction>
}

/** The languages of tracks; one that nobody has looked at may be left out. */
export interface DetectedLanguages {
  languagesOf(trackIds: readonly string[]): Promise<ReadonlyMap<string, TrackLanguage>>
}

export interface LanguagePreferences {
  /** BCP 47, the most wanted first. */
  preferredLanguages(userId: string): Promise<readonly string[]>
}
