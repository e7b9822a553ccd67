import { detectionOfNewTracks, type languageService } from '#domains/language'
import {
  accountLinks,
  catalogueStore,
  factExpiryStore,
  factReads,
  historyStore,
  linkStore,
  listeningHistory,
  type MusicTables,
  musicExpiry,
  musicLibrary,
  snapshotStore,
  topLists,
  trackCatalogue,
} from '#domains/music'
import type { Platform } from './platform-parts.ts'
import type { Providers } from './provider-parts.ts'

const tablesOf = ({ db }: Platform) => db.$pickTables<keyof MusicTables>()
const readsOf = ({ reads }: Platform) => reads?.$pickTables<keyof MusicTables>()

/** The tracks, on which language builds. */
export function catalogueParts(platform: Platform) {
  const { jobs, clock } = platform
  const store = catalogueStore(tablesOf(platform))
  const reads = readsOf(platform)
  return {
    catalogue: trackCatalogue({
      store,
      ...(reads !== undefined && { reads: factReads(reads) }),
      tracksAdded: detectionOfNewTracks(jobs),
      clock,
    }),
  }
}

interface Dependencies {
  catalogue: ReturnType<typeof trackCatalogue>
  language: ReturnType<typeof languageService>
  providers: Providers['accounts']
  sessionIsLive: (sessionId: string) => Promise<boolean>
  linkChanged: (userId: string) => Promise<void>
}

/** Accounts and what is listened to, shown with its languages. */
export function musicParts(platform: Platform, dependencies: Dependencies) {
  const { config, sealer, cache, clock, logger } = platform
  const { catalogue, language, providers, sessionIsLive, linkChanged } = dependencies
  const tables = tablesOf(platform)
  const links = accountLinks({
    store: linkStore(tables),
    sealer,
    providers,
    sessionIsLive,
    linkChanged,
    clock,
    logger,
    publicUrl: config.http.publicUrl,
  })
  const lists = topLists({ links, catalogue, store: snapshotStore(tables), cache, clock })
  return {
    links,
    lists,
    library: musicLibrary({ links, catalogue, topLists: lists, languages: language, cache }),
    history: listeningHistory({ store: historyStore(tables, readsOf(platform)), catalogue, clock }),
    expiry: musicExpiry({ facts: factExpiryStore(tables), links: linkStore(tables), clock }),
  }
}
