import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { REPOSITORY_ROOT, readDataDir } from './data-dir.ts'
import { type Env, envReader } from './env-reader.ts'

/** Settings of the whole system on one machine (`npm start`). */
export interface LocalConfig {
  /** The checkout; the programs to run are found from here, wherever the caller is. */
  readonly repositoryRoot: string
  /** Absolute folder for the database, secrets, logs and objects. */
  readonly dataDir: string
  /** A PostgreSQL of the operator's; without it an embedded one is run. */
  readonly databaseUrl: string | undefined
  readonly port: number
  /** Where a program on this machine reaches the API: `HOST`, or the loopback address of all. */
  readonly probeHost: string
  readonly metricsPort: number
  readonly workerMetricsPort: number
  readonly publicUrl: string
  /** Undefined when the operator has named the real Spotify. */
  readonly sandboxPort: number | undefined
  readonly hasOwnGenius: boolean
  /** The programs' logs are shown as well as kept in files. */
  readonly logToTerminal: boolean
  /** What the programs inherit. */
  readonly environment: Env
}

const DEFAULT_PORT = 4000
/** So that another PORT moves the whole system, and two can run side by side. */
const SANDBOX_PORT_OFFSET = 10
/** Leaves room for the ports that are counted from it. */
const PORT_BOUNDS = { min: 1, max: 65_500 }

/** Of DATA_DIR, for the secrets that a local run makes for itself. */
export const SECRETS_FILE = 'secrets.json'

function keptDemoPassword(dataDir: string): string | undefined {
  try {
    const secrets: unknown = JSON.parse(readFileSync(join(dataDir, SECRETS_FILE), 'utf8'))
    return (secrets as { demoPassword?: string }).demoPassword
  } catch {
    return undefined
  }
}

/**
 * The demo login's password: DEMO_PASSWORD, else the one that a local run has made.
 * @throws ConfigError when there is neither.
 */
export function readDemoPassword(environment: Env = process.env): string {
  const env = envReader(environment)
  const password = env.text('DEMO_PASSWORD') ?? keptDemoPassword(readDataDir(env))
  if (password === undefined) env.fault('DEMO_PASSWORD', 'is required (password of the demo login)')
  env.finish()
  return password ?? ''
}

/** The address to probe for a server that listens on `host`. */
function probeHostOf(host = '127.0.0.1'): string {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1'
  return host.includes(':') ? `[${host}]` : host
}

/**
 * Reads the settings of a local run from the environment.
 * @throws ConfigError naming every variable that is wrong.
 */
export function readLocalConfig(environment: Env = process.env): LocalConfig {
  const env = envReader(environment)
  const port = env.integer('PORT', DEFAULT_PORT, PORT_BOUNDS)
  const metricsPort = env.integer('METRICS_PORT', port + 1, PORT_BOUNDS)
  const sandboxPort = env.integer('SANDBOX_PORT', port + SANDBOX_PORT_OFFSET, PORT_BOUNDS)
  const hasOwnSpotify =
    env.text('SPOTIFY_API_URL') !== undefined || env.text('SPOTIFY_CLIENT_ID') !== undefined
  const config: LocalConfig = {
    repositoryRoot: REPOSITORY_ROOT,
    dataDir: readDataDir(env),
    databaseUrl: env.text('DATABASE_URL'),
    port,
    probeHost: probeHostOf(env.text('HOST')),
    metricsPort,
    workerMetricsPort: metricsPort + 1,
    publicUrl: env.url('PUBLIC_URL', `http://127.0.0.1:${port}`),
    sandboxPort: hasOwnSpotify ? undefined : sandboxPort,
    hasOwnGenius: env.text('GENIUS_ACCESS_TOKEN') !== undefined,
    logToTerminal: env.flag('LOG_TO_TERMINAL'),
    environment,
  }
  env.finish()
  return config
}
