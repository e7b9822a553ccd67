/**
 * Where facts came from, when, and until when they may be kept (null: for good). The ids under which
 * providers know a track are no such facts: they only refer, and stay.
 */
export interface Provenance {
  origin: string
  fetchedAt: Date
  expiresAt: Date | null
}

const DAY_MS = 86_400_000

/** Whose facts are shown where several origins describe the same thing: the fullest first. */
const PREFERENCE: readonly string[] = ['spotify', 'youtube', 'musicbrainz', 'listenbrainz', 'demo']

/**
 * Origins that allow caching for a time only.
 * Spotify's terms (https://developer.spotify.com/terms, IV.2.a) ask for "temporary" without a
 * number; a month is what a listener's top tracks move in.
 */
const KEEP_DAYS: ReadonlyMap<string, number> = new Map([['spotify', 30]])

export function provenance(origin: string, fetchedAt: Date): Provenance {
  const days = KEEP_DAYS.get(origin)
  const expiresAt = days === undefined ? null : new Date(fetchedAt.getTime() + days * DAY_MS)
  return { origin, fetchedAt, expiresAt }
}

const rank = (origin: string) => {
  const place = PREFERENCE.indexOf(origin)
  return place < 0 ? PREFERENCE.length : place
}

/**
 * The facts to show, from the most preferred origin to the least: without expired ones, unless all
 * are. A user's lists must not lose their titles because the provider was not asked for a month.
 */
export function shownFacts<T extends { origin: string; expires_at: Date | null }>(
  facts: readonly T[],
  now: Date,
): T[] {
  const live = facts.filter(({ expires_at: end }) => end === null || end > now)
  return byPreference(live.length > 0 ? live : facts)
}

/** The same facts, from the most preferred origin to the least. */
export function byPreference<T extends { origin: string }>(facts: readonly T[]): T[] {
  return facts.toSorted((a, b) => rank(a.origin) - rank(b.origin))
}
