import type { Clock } from '#platform/clock'
import { ProviderError } from '#platform/outbound'

export interface ProviderPause {
  /** @throws ProviderError `rate-limited` while the provider is to be left alone. */
  check(provider: string, linkId: string): void
  /** Remembers how long a provider asked to be left alone; any other error changes nothing. */
  note(provider: string, linkId: string, error: unknown): void
}

/** Far more links than are ever paused at once; a bound, so that the memory has one. */
const MAX_LINKS = 10_000

/**
 * Obeys `Retry-After` between requests: a call before its end would only lengthen the ban. A rate
 * limit holds for the whole application
 * (https://developer.spotify.com/documentation/web-api/concepts/rate-limits), hence for every link,
 * as far as this process knows; any other fault says nothing of other links.
 */
export function providerPause(clock: Clock): ProviderPause {
  const providerUntilMs = new Map<string, number>()
  const linkUntilMs = new Map<string, number>()
  return {
    check(provider, linkId) {
      const untilMs = Math.max(providerUntilMs.get(provider) ?? 0, linkUntilMs.get(linkId) ?? 0)
      const leftMs = untilMs - clock.now().getTime()
      if (leftMs <= 0) return void linkUntilMs.delete(linkId)
      throw new ProviderError({
        provider,
        operation: 'paused',
        fault: 'rate-limited',
        retryAfterSeconds: Math.ceil(leftMs / 1000),
      })
    },
    note(provider, linkId, error) {
      if (!(error instanceof ProviderError) || error.retryAfterSeconds === undefined) return
      const untilMs = clock.now().getTime() + error.retryAfterSeconds * 1000
      if (error.fault === 'rate-limited') {
        // Of two answers that crossed, the stricter one.
        const earlierMs = providerUntilMs.get(provider) ?? 0
        providerUntilMs.set(provider, Math.max(earlierMs, untilMs))
      } else {
        if (linkUntilMs.size >= MAX_LINKS) linkUntilMs.clear()
        linkUntilMs.set(linkId, untilMs)
      }
    },
  }
}
