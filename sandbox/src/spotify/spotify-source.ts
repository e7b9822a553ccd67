import type { TimeRange } from '../listeners/listening.ts'

export type JsonObject = Record<string, unknown>

/** A person who can press "Agree" on the consent page. */
export interface Account {
  readonly id: string
  /** A short name, easier to write in a script than the id. */
  readonly login: string
  readonly displayName: string
  /** BCP 47 tags of what the person listens to, the most heard first. */
  readonly languages: readonly string[]
  /** One line that tells the accounts apart. */
  readonly summary: string
}

export interface OffsetPage {
  readonly limit: number
  readonly offset: number
}

/** At most one of the cursors is given; both are Unix times in milliseconds. */
export interface CursorPage {
  readonly limit: number
  readonly beforeMs?: number
  readonly afterMs?: number
}

export interface SearchRequest extends OffsetPage {
  readonly query: string
  readonly types: readonly string[]
}

/**
 * Where the Web API's answers come from: made-up listeners or recorded answers. Bodies are
 * complete; `origin` is the address under which the client reaches the sandbox. A track or an
 * artist that does not exist is undefined.
 */
export interface SpotifySource {
  readonly accounts: readonly Account[]
  me(accountId: string, scopes: ReadonlySet<string>, origin: string): JsonObject
  top(
    accountId: string,
    type: 'tracks' | 'artists',
    range: TimeRange,
    page: OffsetPage,
    origin: string,
  ): JsonObject
  recentlyPlayed(accountId: string, page: CursorPage, origin: string): JsonObject
  saved(accountId: string, page: OffsetPage, origin: string): JsonObject
  track(id: string, origin: string): JsonObject | undefined
  artist(id: string, origin: string): JsonObject | undefined
  search(request: SearchRequest, origin: string): JsonObject
}
