import { randomBytes } from 'node:crypto'
import type { Env, LocalConfig } from '#platform/config'
import type { LocalSecrets } from './local-secrets.ts'

/** What the sandbox asks of its clients; made anew by each run, for nothing outlives it there. */
export interface SandboxAccess {
  readonly url: string
  readonly clientId: string
  readonly clientSecret: string
  readonly geniusToken: string
}

const TOKEN_BYTES = 16

export function sandboxAccess(port: number): SandboxAccess {
  const token = () => randomBytes(TOKEN_BYTES).toString('hex')
  return {
    url: `http://127.0.0.1:${port}`,
    clientId: 'music-language-local',
    clientSecret: token(),
    geniusToken: token(),
  }
}

export function sandboxEnvironment(config: LocalConfig, sandbox: SandboxAccess): Env {
  return {
    ...config.environment,
    SANDBOX_PORT: String(config.sandboxPort),
    SANDBOX_CLIENT_ID: sandbox.clientId,
    SANDBOX_CLIENT_SECRET: sandbox.clientSecret,
    SANDBOX_GENIUS_TOKEN: sandbox.geniusToken,
  }
}

function providers(config: LocalConfig, sandbox: SandboxAccess | undefined): Env {
  if (!sandbox) return {}
  const spotify = {
    SPOTIFY_ACCOUNTS_URL: `${sandbox.url}/spotify/accounts`,
    SPOTIFY_API_URL: `${sandbox.url}/spotify/api/v1`,
    SPOTIFY_CLIENT_ID: sandbox.clientId,
    SPOTIFY_CLIENT_SECRET: sandbox.clientSecret,
  }
  if (config.hasOwnGenius) return spotify
  return {
    ...spotify,
    GENIUS_API_URL: `${sandbox.url}/genius`,
    GENIUS_ACCESS_TOKEN: sandbox.geniusToken,
  }
}

interface Parts {
  readonly config: LocalConfig
  readonly secrets: LocalSecrets
  readonly databaseUrl: string
  readonly sandbox: SandboxAccess | undefined
}

/**
 * What the API and the CLI need beyond the operator's own environment; the worker's differs in its
 * metrics port alone. Secrets that the operator has set stay theirs.
 */
export function serverEnvironment({ config, secrets, databaseUrl, sandbox }: Parts): Env {
  const { environment } = config
  const ours = {
    // Nobody balances load here, so a stop need not wait until they look away.
    SHUTDOWN_DRAIN_MS: '0',
    TOKEN_ENCRYPTION_KEYS: secrets.TOKEN_ENCRYPTION_KEYS,
    APP_SECRET: secrets.APP_SECRET,
    DEMO_PASSWORD: secrets.demoPassword,
  }
  const isTheirs = ([name]: [string, string]) => Boolean(environment[name]?.trim())
  return {
    ...Object.fromEntries(Object.entries(ours).filter((entry) => !isTheirs(entry))),
    ...providers(config, sandbox),
    DATABASE_URL: databaseUrl,
    DATA_DIR: config.dataDir,
    PORT: String(config.port),
    METRICS_PORT: String(config.metricsPort),
    PUBLIC_URL: config.publicUrl,
  }
}
