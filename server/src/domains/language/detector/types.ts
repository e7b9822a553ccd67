/** What is known of a track when its language is asked for. Any text may be empty. */
export interface TrackMetadata {
  title: string
  artists: readonly string[]
  album: string | null
  isrc: string | null
  genres?: readonly string[]
}

/** A language and the probability, 0 to 1, that the track is sung in it. */
export interface RankedLanguage {
  /** BCP 47; `zxx` for an instrumental. */
  tag: string
  confidence: number
}

/** What one signal contributed. */
export interface Evidence {
  /** Stable: `title`, `album`, `artist`, `script`, `isrc`, `genre`, `words`, `characters`, `cue`. */
  source: string
  /** What was seen, for people. */
  value: string
  /**
   * Nats by which it moved the best language against the second, or an instrumental against a
   * song; negative speaks against the answer.
   */
  weight: number
}

export interface Detection {
  /** Best first, at most 5, confidences sum to at most 1; empty when there was nothing to read. */
  ranked: RankedLanguage[]
  /** True when the best guess is too unsure to be told as an answer. */
  unknown: boolean
  /** Those likely enough to be among the song's languages; empty when unknown. */
  languages: RankedLanguage[]
  evidence: Evidence[]
}

/** Names the language a track is sung in. Pure; never throws. */
export interface Detector {
  /** Changes whenever the same metadata may get another answer. */
  version: string
  detect(metadata: TrackMetadata): Detection
}
