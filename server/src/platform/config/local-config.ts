import { resolve } from 'node:path'
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

const REPOSITORY_ROOT = resolve(import.meta.dirname, '../../../..')
const DEFAULT_PORT = 4000
/** So that another PORT moves the whole system, and two can run side by side. */
const SANDBOX_PORT_OFFSET = 10
/** Leaves room for the ports that are counted from it. */
const PORT_BOUNDS = { min: 1, max: 65_500 }

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
    dataDir: resolve(REPOSITORY_ROOT, env.text('DATA_DIR') ?? '.data'),
    databaseUrl: env.text('DATABASE_URL'),
    port,
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
