import type { Catalogue } from '../catalogue/catalogue.ts'
import { base62 } from '../catalogue/identifiers.ts'
import { fractionOf } from '../random/random.ts'
import { listenerHistory, type Play, REFERENCE_DATE_MS } from './history.ts'
import { type Listening, listeningOf } from './listening.ts'
import { LISTENER_PROFILES, type ListenerProfile } from './profiles.ts'

const DAY_MS = 86_400_000

export interface Listener {
  /** The Spotify user id. */
  readonly id: string
  /** The immutable account id; Spotify asks to link accounts by this one. */
  readonly accountId: string
  readonly profile: ListenerProfile
  readonly email: string
  readonly product: 'premium' | 'free'
  readonly listening: Listening
}

export interface Population {
  readonly listeners: readonly Listener[]
  readonly listenerById: ReadonlyMap<string, Listener>
}

/** The number of whole days by which the newest play can move and still lie before `now`. */
function wholeDaysUntil(now: Date, newestMs: number): number {
  return Math.floor((now.getTime() - newestMs) / DAY_MS)
}

function toListener(profile: ListenerProfile, listening: Listening): Listener {
  const { login } = profile
  return {
    id: `31${base62(`user\0${login}`, 26).toLowerCase()}`,
    accountId: base62(`account\0${login}`, 10),
    profile,
    email: `${login}@listeners.example`,
    product: fractionOf(`product\0${login}`) < 0.7 ? 'premium' : 'free',
    listening,
  }
}

/**
 * Makes every listener with their plays.
 * @param until the plays are shifted by whole days so that the newest lies within a day before
 *   it; without it they keep their place before REFERENCE_DATE_MS.
 */
export function populate(catalogue: Catalogue, until?: Date): Population {
  const histories = LISTENER_PROFILES.map((profile) => ({
    profile,
    plays: listenerHistory(catalogue, profile),
  }))
  const newestMs = Math.max(...histories.map(({ plays }) => plays.at(-1)?.playedAtMs ?? 0))
  const shiftMs = until ? wholeDaysUntil(until, newestMs) * DAY_MS : 0
  const shifted = (plays: readonly Play[]): Play[] =>
    plays.map(({ trackIndex, playedAtMs }) => ({ trackIndex, playedAtMs: playedAtMs + shiftMs }))
  const listeners = histories.map(({ profile, plays }) =>
    toListener(profile, listeningOf(catalogue, shifted(plays), REFERENCE_DATE_MS + shiftMs)),
  )
  return { listeners, listenerById: new Map(listeners.map((l) => [l.id, l])) }
}
