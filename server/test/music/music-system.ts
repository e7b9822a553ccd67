import { randomBytes, randomUUID } from 'node:crypto'
import { type SandboxOptions, startSandbox } from '@music-language/sandbox'
import {
  accountLinks,
  catalogueStore,
  historyStore,
  linkStore,
  listeningHistory,
  type MusicTables,
  musicLibrary,
  snapshotStore,
  type TrackLanguage,
  type TrackLanguages,
  topLists,
  topTrackSeeds,
  trackCatalogue,
} from '#domains/music'
import { createCache } from '#platform/cache'
import { textSealer } from '#platform/crypto'
import { openDatabase } from '#platform/db'
import { createLogger, createMetrics } from '#platform/telemetry'
import { createTestDatabase } from '#test'
import { spotifyProvider } from '../../src/providers/spotify/index.ts'
import { consent } from './consent.ts'
import { sandboxControl } from './sandbox-control.ts'

const PUBLIC_URL = 'http://127.0.0.1:4000'
const PROGRAM = { token: undefined, navigated: false }

/** One process of the music domain: what several of them share comes in. */
function replica(shared: { databaseUrl: string; sandboxUrl: string; clock: { now(): Date } }) {
  const { clock, sandboxUrl } = shared
  const metrics = createMetrics()
  const logger = createLogger({ logLevel: 'silent' }, { service: 'test' })
  const { cache, close: closeCache } = createCache({ metrics, logger })
  const { db, close: closeDatabase } = openDatabase<MusicTables>({
    url: shared.databaseUrl,
    poolMax: 12,
    statementTimeoutMs: 10_000,
    applicationName: 'music test',
  })
  const spotify = spotifyProvider({
    metrics,
    config: {
      accountsUrl: `${sandboxUrl}/spotify/accounts`,
      apiUrl: `${sandboxUrl}/spotify/api/v1`,
      clientId: 'sandbox-client',
      clientSecret: 'sandbox-secret',
    },
  })
  const endedSessions = new Set<string>()
  const spoken = new Map<string, TrackLanguage>()
  const links = accountLinks({
    store: linkStore(db),
    sealer: textSealer([{ keyId: 'test', key: SEALING_KEY }]),
    providers: [spotify],
    linkChanged: async () => undefined,
    sessionIsLive: async (sessionId) => !endedSessions.has(sessionId),
    clock,
    publicUrl: PUBLIC_URL,
  })
  const catalogue = trackCatalogue({
    store: catalogueStore(db),
    tracksAdded: async () => undefined,
    clock,
  })
  const lists = topLists({ links, catalogue, store: snapshotStore(db), cache, clock })
  const languages: TrackLanguages = {
    languagesOf: async (trackIds) =>
      new Map([...spoken].filter(([trackId]) => trackIds.includes(trackId))),
  }
  return {
    db,
    links,
    catalogue,
    endedSessions,
    spoken,
    library: musicLibrary({ links, catalogue, topLists: lists, languages, cache }),
    seeds: topTrackSeeds({ topLists: lists, catalogue }),
    history: listeningHistory({ store: historyStore(db), catalogue, clock }),
    async close() {
      await spotify.close()
      await closeCache()
      await closeDatabase()
    },
  }
}

const SEALING_KEY = new Uint8Array(randomBytes(32))

/** The music domain with the real provider, against the sandbox and a database of its own. */
export async function musicSystem(options: SandboxOptions = {}) {
  const database = await createTestDatabase()
  const sandbox = await startSandbox(options)
  const control = sandboxControl(sandbox.url)
  let offsetMs = 0
  const clock = { now: () => new Date(Date.now() + offsetMs) }
  const shared = { databaseUrl: database.url, sandboxUrl: sandbox.url, clock }
  const main = replica(shared)
  const replicas = [main]
  const listeners = await control.listeners()
  let nextListener = 0

  /** A listener that no earlier test has linked. */
  function freshListener(): string {
    const id = listeners[nextListener]?.id
    if (id === undefined) throw new Error('the sandbox has no more listeners')
    nextListener += 1
    return id
  }

  async function begin(userId: string, sessionId = randomUUID()) {
    return main.links.begin({ userId, sessionId, provider: 'spotify', returnTo: undefined })
  }

  return {
    ...main,
    sandbox,
    control,
    freshListener,
    begin,
    advanceSeconds(seconds: number) {
      offsetMs += seconds * 1000
    },
    anotherReplica() {
      const another = replica(shared)
      replicas.push(another)
      return another
    },
    /** Links the listener, a fresh one by default, to the user through the real redirects. */
    async link(userId: string, listener = freshListener()) {
      const { authorizeUrl } = await begin(userId)
      const query = await consent(authorizeUrl, listener)
      return main.links.finish('spotify', Object.fromEntries(query), PROGRAM)
    },
    async close() {
      for (const one of replicas) await one.close()
      await sandbox.close()
      await database.drop()
    },
  }
}

export type MusicSystem = Awaited<ReturnType<typeof musicSystem>>
