export interface GeniusArtist {
  readonly id: number
  readonly name: string
}

/** One page of Genius. Most pages are songs; translations and romanisations are pages of their own. */
export interface GeniusSong {
  readonly id: number
  readonly title: string
  readonly artist: GeniusArtist
  readonly featured: readonly GeniusArtist[]
  readonly album: string
  /** ISO 639-1 as Genius gives it, or null where nobody has said. */
  readonly language: string | null
  readonly lyricsState: 'complete' | 'incomplete'
  readonly instrumental: boolean
  readonly pageviews: number
  readonly released: { readonly year: number; readonly month: number; readonly day: number }
  /** Set when the page has a player of the song. */
  readonly spotifyTrackId?: string
}

/** A page before it has its number. */
export type GeniusDraft = Omit<GeniusSong, 'id'>
