export type JsonObject = Record<string, unknown>

export type TextFormat = 'plain' | 'html' | 'dom'

interface SearchPage {
  /** From 1. */
  readonly page: number
  readonly perPage: number
}

/** Where Genius' answers come from. `hits` and `song` are the parts below `response`. */
export interface GeniusSource {
  hits(query: string, page: SearchPage, origin: string): JsonObject[]
  song(id: string, format: TextFormat, origin: string): JsonObject | undefined
}
