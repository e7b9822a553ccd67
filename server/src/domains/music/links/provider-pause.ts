import type { Clock } from '#platform/clock'
import { ProviderError } from '#platform/outbound'

export interface ProviderPause {
  /** @throws ProviderError `rate-limited` while the key is asked to wait. */
  check(key: string, provider: string): void
  /** Remembers how long a provider asked to be left alone; any other error changes nothing. */
  note(key: string, error: unknown): void
}

/** Far more than are ever paused at once; a bound, so that the memory has one. */
const MAX_KEYS = 10_000

/** Obeys `Retry-After` between requests: a call before its end would only lengthen the ban. */
export function providerPause(clock: Clock): ProviderPause {
  const untilMs = new Map<string, number>()
  return {
    check(key, provider) {
      const leftMs = (untilMs.get(key) ?? 0) - clock.now().getTime()
      if (leftMs <= 0) return void untilMs.delete(key)
      throw new ProviderError({
        provider,
        operation: 'paused',
        fault: 'rate-limited',
        retryAfterSeconds: Math.ceil(leftMs / 1000),
      })
    },
    note(key, error) {
      if (!(error instanceof ProviderError) || error.retryAfterSeconds === undefined) return
      if (untilMs.size >= MAX_KEYS) untilMs.clear()
      untilMs.set(key, clock.now().getTime() + error.retryAfterSeconds * 1000)
    },
  }
}
