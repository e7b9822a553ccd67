import {
  detectorOnDemand,
  type LanguageTables,
  languageService,
  languageStore,
} from '#domains/language'
import type { trackCatalogue } from '#domains/music'
import type { Platform } from './platform-parts.ts'

interface Dependencies {
  catalogue: ReturnType<typeof trackCatalogue>
}

export function languageParts({ db, reads, clock }: Platform, { catalogue }: Dependencies) {
  const store = languageStore(
    db.$pickTables<keyof LanguageTables>(),
    reads?.$pickTables<keyof LanguageTables>(),
  )
  const detector = detectorOnDemand()
  return { language: languageService({ store, tracks: catalogue, detector, clock }) }
}
