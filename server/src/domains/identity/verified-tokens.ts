import { hash } from 'node:crypto'
import type { Clock } from '#platform/clock'

/** Whose token it is, as its claims say. */
export interface TokenOwner {
  userId: string
  sessionId: string
}

interface Entry extends TokenOwner {
  untilMs: number
}

/** A retired key and a changed rule of verification reach every token within this time. */
const KEPT_MS = 60_000
/** About 2 MB. */
const MAX_TOKENS = 10_000

/**
 * Tokens that were verified a moment ago. A signature on P-256 takes a tenth of a millisecond to
 * verify, and a client sends the same token with every request. Only what does not change is kept:
 * whether the session still stands is another question. Holds digests, never tokens.
 */
export function verifiedTokens(clock: Clock) {
  const entries = new Map<string, Entry>()
  const digestOf = (token: string) => hash('sha256', token, 'base64')

  return {
    find(token: string): TokenOwner | undefined {
      const digest = digestOf(token)
      const entry = entries.get(digest)
      if (entry === undefined) return undefined
      if (entry.untilMs > clock.now().getTime()) return entry
      entries.delete(digest)
      return undefined
    },

    /** @param expiresAtSeconds the token's `exp` */
    keep(token: string, { userId, sessionId }: TokenOwner, expiresAtSeconds: number): void {
      const untilMs = Math.min(clock.now().getTime() + KEPT_MS, expiresAtSeconds * 1000)
      // The oldest goes: its time is over, or will be first.
      const [oldest] = entries.keys()
      if (entries.size >= MAX_TOKENS && oldest !== undefined) entries.delete(oldest)
      entries.set(digestOf(token), { userId, sessionId, untilMs })
    },
  }
}
