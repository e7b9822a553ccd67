import { buildCatalogue } from './catalogue/build-catalogue.ts'
import type { Catalogue } from './catalogue/catalogue.ts'
import { loadCatalogue } from './catalogue/load-catalogue.ts'
import type { SandboxMode } from './config.ts'
import { catalogueGenius } from './genius/catalogue-genius.ts'
import type { GeniusSource } from './genius/genius-source.ts'
import { populate } from './listeners/population.ts'
import { loadRecorded } from './recorded/load-recorded.ts'
import { buildServer } from './server.ts'
import { catalogueSource } from './spotify/catalogue-source.ts'
import type { SpotifySource } from './spotify/spotify-source.ts'

export interface SandboxOptions {
  /** 0 (the default) takes a free port. */
  readonly port?: number
  readonly host?: string
  readonly mode?: SandboxMode
  /** Folder of recorded answers; needed in recorded mode only. */
  readonly recordedDir?: string
  /** Folder of song lists; without it the one that comes with the sandbox. */
  readonly catalogueDir?: string
  readonly clientId?: string
  readonly clientSecret?: string
  readonly geniusToken?: string
  /** Exact redirect URIs; none = every loopback address. */
  readonly redirectUris?: readonly string[]
  /** The sandbox's clock: token ages follow it, and at the start the place of the plays. */
  readonly now?: () => Date
  /** Life of an access token; Spotify's is 3600. */
  readonly maxTokenAgeSeconds?: number
}

export interface Sandbox {
  /** Address without a trailing slash; the providers' base URLs are below it. */
  readonly url: string
  /** Empty in recorded mode. */
  readonly catalogue: Catalogue
  close(): Promise<void>
}

interface Sources {
  readonly catalogue: Catalogue
  readonly spotify: SpotifySource
  readonly genius: GeniusSource
}

async function sources(options: SandboxOptions, now: () => Date): Promise<Sources> {
  if (options.mode === 'recorded') {
    return { catalogue: buildCatalogue([]), ...(await loadRecorded(options.recordedDir)) }
  }
  const catalogue = loadCatalogue(options.catalogueDir)
  const population = populate(catalogue, now())
  return {
    catalogue,
    spotify: catalogueSource(catalogue, population),
    genius: catalogueGenius(catalogue),
  }
}

/**
 * Starts a sandbox and resolves once it listens.
 * @throws CatalogueError, RecordedAnswersError, or the system's error when the port is taken.
 */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const now = options.now ?? (() => new Date())
  const { catalogue, spotify, genius } = await sources(options, now)
  const app = await buildServer({
    catalogue,
    spotify,
    genius,
    client: {
      clientId: options.clientId ?? 'sandbox-client',
      clientSecret: options.clientSecret ?? 'sandbox-secret',
      redirectUris: options.redirectUris ?? [],
    },
    geniusToken: options.geniusToken ?? 'sandbox-genius-token',
    now,
    accessTokenTtlSeconds: options.maxTokenAgeSeconds ?? 3_600,
  })
  const url = await app.listen({ port: options.port ?? 0, host: options.host ?? '127.0.0.1' })
  return { url, catalogue, close: () => app.close() }
}
