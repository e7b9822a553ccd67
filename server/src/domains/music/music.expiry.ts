import type { Clock } from '#platform/clock'
import type { ExpiredFact, FactExpiryStore } from './catalogue/fact-expiry.store.ts'
import type { LinkStore } from './links/link.store.ts'

export interface MusicExpiryDependencies {
  facts: FactExpiryStore
  links: Pick<LinkStore, 'dropExpiredAttempts'>
  clock: Clock
  /** Facts looked at in one transaction, at least 1. */
  portionSize?: number
}

interface Expired {
  trackFacts: number
  artistFacts: number
  linkAttempts: number
}

export interface MusicExpiry {
  /**
   * Deletes what may not be kept any longer, as far as nothing of ours still shows it. Tells after
   * each portion how many facts are gone. @throws the signal's reason, between two portions.
   */
  expire(signal: AbortSignal, onProgress?: (dropped: number) => void): Promise<Expired>
}

const PORTION_SIZE = 500

export function musicExpiry(dependencies: MusicExpiryDependencies): MusicExpiry {
  const { facts, links, clock, portionSize: limit = PORTION_SIZE } = dependencies

  async function dropAll(
    drop: FactExpiryStore['dropTrackFacts'],
    now: Date,
    signal: AbortSignal,
    onPortion: (dropped: number) => void,
  ) {
    let dropped = 0
    for (let after: ExpiredFact | null = null; ; ) {
      signal.throwIfAborted()
      const portion: ExpiredFact[] = await drop({ now, after, limit })
      const gone = portion.filter((fact) => fact.dropped).length
      dropped += gone
      onPortion(gone)
      after = portion.at(-1) ?? null
      if (after === null) return dropped
    }
  }

  return {
    async expire(signal, onProgress) {
      const now = clock.now()
      let total = 0
      const onPortion = (dropped: number) => {
        total += dropped
        onProgress?.(total)
      }
      const trackFacts = await dropAll(facts.dropTrackFacts, now, signal, onPortion)
      const artistFacts = await dropAll(facts.dropArtistFacts, now, signal, onPortion)
      const linkAttempts = await links.dropExpiredAttempts(now)
      return { trackFacts, artistFacts, linkAttempts }
    },
  }
}
