import type { EnqueueOptions } from '#platform/jobs'
import type { TimeRange, TrackLanguage } from './music.schemas.ts'

/** A recording as a provider describes it; what the provider does not say is null. */
export interface ProviderTrack {
  /** Unique at the provider. */
  providerId: string
  title: string
  /** At least one, the main artist first. */
  artists: readonly Pick<ProviderArtist, 'providerId' | 'name'>[]
  album: string | null
  releaseYear: number | null
  isrc: string | null
  durationMs: number | null
}

export interface ProviderArtist {
  providerId: string
  name: string
  genres: readonly string[]
}

/** Whose account it is, by the provider's stable id: e-mail addresses change hands. */
export interface ProviderAccount {
  accountId: string
  displayName: string | null
}

export interface ProviderGrant {
  accessToken: string
  /** Absent when the earlier one stays good. */
  refreshToken: string | undefined
  expiresInSeconds: number
  scopes: readonly string[]
}

/** Linking an account by OAuth 2.0 authorization code with PKCE (RFC 6749, RFC 7636). */
export interface AccountProvider {
  /** Identifies the authorization server in a callback's `iss` (RFC 9207). */
  readonly issuer: string
  /** How long a user's agreement lasts, in months; refreshing does not extend it. */
  readonly authorizationMonths: number
  authorizeUrl(request: { state: string; codeChallenge: string; redirectUri: string }): string
  /** @throws ProviderError `rejected` when the code is not (or no longer) good. */
  exchangeCode(request: {
    code: string
    codeVerifier: string
    redirectUri: string
  }): Promise<ProviderGrant>
  /** @throws ProviderError with the reason `invalid_grant` when the user must agree again. */
  refresh(refreshToken: string): Promise<ProviderGrant>
  account(accessToken: string): Promise<ProviderAccount>
}

/** What somebody listens to most, best first. */
export interface ListeningProvider {
  /** @param limit 1-50 */
  topTracks(accessToken: string, page: TopPage): Promise<ProviderTrack[]>
  topArtists(accessToken: string, page: TopPage): Promise<ProviderArtist[]>
}

export interface TopPage {
  timeRange: TimeRange
  limit: number
}

/** Finding recordings. */
export interface SearchProvider {
  /** @param limit 1-10 */
  searchTracks(
    accessToken: string,
    query: { text: string; limit: number },
  ): Promise<ProviderTrack[]>
}

/**
 * A music service. Every method throws ProviderError: `unauthorised` when the access token is not
 * good, `rejected` (with a reason) when the provider refuses, `rate-limited`, `unavailable`.
 */
export interface MusicProvider extends AccountProvider, ListeningProvider, SearchProvider {
  /** Also the namespace of its ids. */
  readonly name: ProviderName
  /** Shown wherever its content is. */
  readonly attribution: { readonly name: string; readonly url: string }
}

export type ProviderName = 'spotify'

/** The languages of tracks, from whoever detects them. Every track asked for is answered. */
export interface TrackLanguages {
  languagesOf(trackIds: readonly string[]): Promise<ReadonlyMap<string, TrackLanguage>>
}

/** Told of new tracks inside the transaction that creates them: what it writes commits with them. */
export type TracksAdded = (
  trackIds: readonly string[],
  within: NonNullable<EnqueueOptions['within']>,
) => Promise<void>

/** Told that a user linked or unlinked an account: what was made of their listening is outdated. */
export type LinkChanged = (userId: string) => Promise<void>

/** Whether a sign-in session still lives: an unfinished link dies with the session that began it. */
export type SessionIsLive = (sessionId: string) => Promise<boolean>
