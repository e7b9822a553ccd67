import { type LyricsTables, lyricsService, lyricsStore } from '#domains/lyrics'
import type { Platform } from './platform-parts.ts'
import type { Providers } from './provider-parts.ts'

interface Dependencies {
  providers: Providers['lyrics']
}

export function lyricsParts({ db, reads, cache, clock }: Platform, { providers }: Dependencies) {
  const store = lyricsStore(
    db.$pickTables<keyof LyricsTables>(),
    reads?.$pickTables<keyof LyricsTables>(),
  )
  return { lyrics: lyricsService({ store, providers, cache, clock }) }
}
