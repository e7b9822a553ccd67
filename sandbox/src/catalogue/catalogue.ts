export interface Artist {
  readonly id: string
  readonly name: string
  /** Every genre of the artist's songs, the most frequent first. */
  readonly genres: readonly string[]
  /** 0 to 100, as Spotify's deprecated field. */
  readonly popularity: number
  readonly trackIndexes: readonly number[]
}

export interface Album {
  readonly id: string
  readonly title: string
  readonly artistIds: readonly string[]
  readonly year: number
  readonly totalTracks: number
}

export interface Track {
  /** Position in `Catalogue.tracks`. */
  readonly index: number
  readonly id: string
  readonly isrc: string
  readonly title: string
  readonly artistIds: readonly string[]
  readonly artistNames: readonly string[]
  readonly albumId: string
  readonly year: number
  readonly country: string
  readonly genres: readonly string[]
  /** BCP 47 tags, the main language first; `zxx` = no words. */
  readonly languages: readonly string[]
  readonly trackNumber: number
  readonly durationMs: number
  readonly explicit: boolean
  /** 0 to 100, as Spotify's deprecated field. */
  readonly popularity: number
}

export interface Catalogue {
  readonly tracks: readonly Track[]
  readonly trackById: ReadonlyMap<string, Track>
  readonly trackByIsrc: ReadonlyMap<string, Track>
  readonly artists: readonly Artist[]
  readonly artistById: ReadonlyMap<string, Artist>
  readonly albumById: ReadonlyMap<string, Album>
}

export interface CatalogueRow {
  readonly title: string
  readonly artists: readonly string[]
  readonly album: string
  readonly year: number
  readonly country: string
  readonly genres: readonly string[]
  readonly languages: readonly string[]
}

/** Lists every fault of the catalogue's files at once. */
export class CatalogueError extends Error {
  readonly faults: readonly string[]

  constructor(faults: readonly string[]) {
    super(`The catalogue has ${faults.length} fault(s):\n${faults.map((f) => `- ${f}`).join('\n')}`)
    this.name = 'CatalogueError'
    this.faults = faults
  }
}
