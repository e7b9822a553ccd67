import { randomBytes, randomUUID } from 'node:crypto'
import { type SandboxOptions, startSandbox } from '@music-language/sandbox'
import {
  accountLinks,
  catalogueStore,
  factExpiryStore,
  historyStore,
  linkStore,
  listeningHistory,
  type MusicProvider,
  type MusicTables,
  musicExpiry,
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

const PENDING: TrackLanguage = { status: 'pending', tag: null, confidence: null, languages: [] }

interface ReplicaOptions {
  poolMax?: number
  /** Without a client secret, whose refresh tokens are used once. */
  publicClient?: boolean
  /** What the provider does otherwise than Spotify. */
  otherwise?: Partial<MusicProvider>
}

/** One process of the music domain: what several of them share comes in. */
function replica(
  shared: { databaseUrl: string; sandboxUrl: string; clock: { now(): Date } },
  { poolMax = 12, publicClient = false, otherwise = {} }: ReplicaOptions = {},
) {
  const { clock, sandboxUrl } = shared
  const metrics = createMetrics()
  const warnings: string[] = []
  const logger = createLogger(
    { logLevel: 'warn' },
    { service: 'test' },
    { write: (line) => void warnings.push(line) },
  )
  const { cache, close: closeCache } = createCache({ metrics, logger })
  const { db, close: closeDatabase } = openDatabase<MusicTables>({
    url: shared.databaseUrl,
    poolMax,
    statementTimeoutMs: 10_000,
    applicationName: 'music test',
  })
  const spotify = spotifyProvider({
    metrics,
    config: {
      accountsUrl: `${sandboxUrl}/spotify/accounts`,
      apiUrl: `${sandboxUrl}/spotify/api/v1`,
      clientId: 'sandbox-client',
      clientSecret: publicClient ? undefined : 'sandbox-secret',
    },
  })
  const endedSessions = new Set<string>()
  const spoken = new Map<string, TrackLanguage>()
  const links = accountLinks({
    store: linkStore(db),
    sealer: textSealer([{ keyId: 'test', key: SEALING_KEY }]),
    providers: [{ ...spotify, ...otherwise }],
    linkChanged: async () => undefined,
    sessionIsLive: async (sessionId) => !endedSessions.has(sessionId),
    clock,
    logger,
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
      new Map(trackIds.map((trackId) => [trackId, spoken.get(trackId) ?? PENDING])),
  }
  return {
    db,
    links,
    catalogue,
    endedSessions,
    spoken,
    /** Lines of the log, from `warn` on. */
    warnings,
    expiry: musicExpiry({
      facts: factExpiryStore(db),
      links: linkStore(db),
      clock,
      portionSize: 7,
    }),
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

  async function begin(userId: string, sessionId = randomUUID(), links = main.links) {
    return links.begin({ userId, sessionId, provider: 'spotify', returnTo: undefined })
  }

  return {
    ...main,
    sandbox,
    control,
    freshListener,
    begin,
    databaseUrl: database.url,
    now: clock.now,
    advanceSeconds(seconds: number) {
      offsetMs += seconds * 1000
    },
    anotherReplica(of?: ReplicaOptions) {
      const another = replica(shared, of)
      replicas.push(another)
      return another
    },
    /** Links the listener, a fresh one by default, to the user through the real redirects. */
    async link(userId: string, listener = freshListener(), links = main.links) {
      const { authorizeUrl } = await begin(userId, randomUUID(), links)
      const query = await consent(authorizeUrl, listener)
      return links.finish('spotify', Object.fromEntries(query), PROGRAM)
    },
    async close() {
      for (const one of replicas) await one.close()
      await sandbox.close()
      await database.drop()
    },
  }
}

export type MusicSystem = Awaited<ReturnType<typeof musicSystem>>
