import type { Clock } from '#platform/clock'

/** What half a minute of two thousand calls a second leaves behind; about 10 MB. */
const MAX_TOKENS = 65_536

/**
 * Remembers which tokens were used, for as long as they could be used again. In this process only:
 * what the calls do can be done twice, so that a token copied to another replica gains little.
 */
export function spentTokens(clock: Clock) {
  const untilSeconds = new Map<string, number>()

  function forgetExpired(nowSeconds: number): void {
    for (const [id, until] of untilSeconds) {
      if (until > nowSeconds && untilSeconds.size < MAX_TOKENS) return
      untilSeconds.delete(id)
    }
  }

  return {
    /** False when it was spent already. */
    spend(id: string, expiresAtSeconds: number): boolean {
      if (untilSeconds.has(id)) return false
      forgetExpired(clock.now().getTime() / 1000)
      untilSeconds.set(id, expiresAtSeconds)
      return true
    },
  }
}
