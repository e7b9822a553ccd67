import { geniusProvider, spotifyProvider } from '#providers'
import type { Platform } from './platform-parts.ts'

/** The providers that the operator has configured. */
export function providerParts({ config, metrics }: Platform) {
  const spotify = config.spotify && spotifyProvider({ config: config.spotify, metrics })
  const genius = config.genius && geniusProvider({ config: config.genius, metrics })
  return {
    accounts: spotify === undefined ? [] : [spotify],
    lyrics: genius === undefined ? [] : [genius],
    /** Never throws: gives what failed. */
    async close(): Promise<unknown[]> {
      const closed = await Promise.allSettled([spotify?.close(), genius?.close()])
      return closed.flatMap((one) => (one.status === 'rejected' ? [one.reason] : []))
    },
  }
}

export type Providers = ReturnType<typeof providerParts>
