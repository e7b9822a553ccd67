export type LyricsState = 'complete' | 'incomplete' | 'unreleased' | 'unknown'

/** A page that may hold a song's words. Never the words themselves. */
export interface LyricsCandidate {
  /** The provider's own id of the page. */
  providerId: string
  title: string
  /** Everyone named, the main artist first; at least one. */
  artists: readonly string[]
  /** As the provider writes it, several joined by it into one text. */
  primaryArtist: string
  /** http or https. */
  url: string
  /** BCP 47. */
  language: string | null
  thumbnailUrl: string | null
  releaseYear: number | null
  lyricsState: LyricsState
  /** How many explanations readers have added. */
  annotationCount: number
}

/** Somewhere to look for pages with song texts. */
export interface LyricsProvider {
  /** Stable, lower case: `genius`. */
  name: string
  /** Shown with every answer, as the provider asks. */
  attribution: string
  /**
   * Pages for a free-text query, best first by the provider's own judgement; empty when none.
   * @throws ProviderError
   */
  search(query: string): Promise<LyricsCandidate[]>
}
