import { readDataDir } from './data-dir.ts'
import { type DatabaseConfig, readDatabase } from './database-config.ts'
import {
  type BusConfig,
  type ObjectsConfig,
  type RedisConfig,
  readBus,
  readObjects,
  readRedis,
} from './distributed-config.ts'
import { type Env, type EnvReader, envReader } from './env-reader.ts'
import { type RecoConfig, readReco } from './reco-config.ts'
import { readSecrets, type SecretsConfig } from './secrets.ts'
import { readWorker, type WorkerConfig } from './worker-config.ts'

export interface HttpConfig {
  host: string
  port: number
  /** Where users reach the API; every link we send is built from it. No trailing slash. */
  publicUrl: string
  /** CIDRs of proxies whose X-Forwarded-For is believed. */
  trustedProxies: readonly string[]
  /** Where metrics are served, away from users. */
  metricsHost: string
  metricsPort: number
  /** The same of a worker, which may run beside the API. */
  workerMetricsPort: number
  /** From the end of readiness to the closing of connections, while a balancer looks away. */
  drainMs: number
  /** Bounds between which the limit of requests served at once finds its place. */
  minConcurrency: number
  maxConcurrency: number
}

export interface AnalyticsConfig {
  /** Events are deleted when their month is older than this. */
  retentionMonths: number
}

export interface IdentityConfig {
  accessTokenTtlSeconds: number
  refreshIdleTtlSeconds: number
  refreshAbsoluteTtlSeconds: number
  /** A refresh repeated within this time gets the same answer again. */
  refreshGraceSeconds: number
}

export interface SpotifyConfig {
  accountsUrl: string
  apiUrl: string
  clientId: string
  /** Absent for a public client, which then relies on PKCE alone. */
  clientSecret: string | undefined
}

export interface GeniusConfig {
  apiUrl: string
  accessToken: string
}

export interface TelemetryConfig {
  logLevel: 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'silent'
  otlpUrl: string | undefined
  /** Share of requests that are traced, 0 to 1. */
  sampleRatio: number
}

export interface Config {
  database: DatabaseConfig
  http: HttpConfig
  identity: IdentityConfig
  secrets: SecretsConfig
  /** Absent when the operator has not configured the provider. */
  spotify: SpotifyConfig | undefined
  genius: GeniusConfig | undefined
  telemetry: TelemetryConfig
  /** Absolute folder for local state. */
  dataDir: string
  /** Undefined: each process caches for itself. */
  redis: RedisConfig | undefined
  objects: ObjectsConfig
  bus: BusConfig
  reco: RecoConfig
  analytics: AnalyticsConfig
  worker: WorkerConfig
}

const DAY_SECONDS = 86_400
/** 0 takes any free one. */
const PORTS = { min: 0, max: 65_535 }

/**
 * Turns environment variables into typed configuration.
 * @throws ConfigError naming every variable that is missing or wrong.
 */
export function readConfig(source: Env = process.env): Config {
  const env = envReader(source)
  const database = readDatabase(env)
  const http = readHttp(env)
  const config: Config = {
    database,
    http,
    identity: readIdentity(env),
    secrets: readSecrets(env),
    spotify: readSpotify(env),
    genius: readGenius(env),
    telemetry: readTelemetry(env),
    dataDir: readDataDir(env),
    redis: readRedis(env),
    objects: readObjects(env),
    bus: readBus(env),
    reco: readReco(env, http.port),
    analytics: {
      retentionMonths: env.integer('ANALYTICS_RETENTION_MONTHS', 24, { min: 1, max: 1200 }),
    },
    worker: readWorker(env),
  }
  env.finish()
  return config
}

function readHttp(env: EnvReader): HttpConfig {
  const port = env.integer('PORT', 4000, PORTS)
  return {
    host: env.text('HOST') ?? '127.0.0.1',
    port,
    publicUrl: env.url('PUBLIC_URL', `http://127.0.0.1:${port}`),
    trustedProxies: env.networks('TRUSTED_PROXIES'),
    metricsHost: env.text('METRICS_HOST') ?? '127.0.0.1',
    metricsPort: env.integer('METRICS_PORT', port === 0 ? 0 : port + 1, PORTS),
    workerMetricsPort: env.integer('METRICS_PORT', port === 0 ? 0 : port + 2, PORTS),
    drainMs: env.integer('SHUTDOWN_DRAIN_MS', 1_500, { min: 0, max: 60_000 }),
    ...readConcurrency(env),
  }
}

function readConcurrency(env: EnvReader) {
  const minConcurrency = env.integer('HTTP_MIN_CONCURRENCY', 8, { min: 1, max: 10_000 })
  const maxConcurrency = env.integer('HTTP_MAX_CONCURRENCY', 256, { min: 1, max: 10_000 })
  if (minConcurrency > maxConcurrency) {
    env.fault('HTTP_MIN_CONCURRENCY', 'must not be above HTTP_MAX_CONCURRENCY')
  }
  return { minConcurrency, maxConcurrency }
}

function readIdentity(env: EnvReader): IdentityConfig {
  const bounds = { min: 60, max: 365 * DAY_SECONDS }
  return {
    accessTokenTtlSeconds: env.integer('ACCESS_TOKEN_TTL_SECONDS', 900, { min: 60, max: 3600 }),
    refreshIdleTtlSeconds: env.integer('REFRESH_IDLE_TTL_SECONDS', 14 * DAY_SECONDS, bounds),
    refreshAbsoluteTtlSeconds: env.integer(
      'REFRESH_ABSOLUTE_TTL_SECONDS',
      90 * DAY_SECONDS,
      bounds,
    ),
    refreshGraceSeconds: env.integer('REFRESH_GRACE_SECONDS', 10, { min: 0, max: 60 }),
  }
}

function readSpotify(env: EnvReader): SpotifyConfig | undefined {
  const clientId = env.text('SPOTIFY_CLIENT_ID')
  if (clientId === undefined) return undefined
  return {
    clientId,
    clientSecret: env.text('SPOTIFY_CLIENT_SECRET'),
    accountsUrl: env.url('SPOTIFY_ACCOUNTS_URL', 'https://accounts.spotify.com'),
    apiUrl: env.url('SPOTIFY_API_URL', 'https://api.spotify.com/v1'),
  }
}

function readGenius(env: EnvReader): GeniusConfig | undefined {
  const accessToken = env.text('GENIUS_ACCESS_TOKEN')
  if (accessToken === undefined) return undefined
  return { accessToken, apiUrl: env.url('GENIUS_API_URL', 'https://api.genius.com') }
}

function readTelemetry(env: EnvReader): TelemetryConfig {
  return {
    logLevel: env.choice('LOG_LEVEL', 'info', [
      'trace',
      'debug',
      'info',
      'warn',
      'error',
      'silent',
    ]),
    otlpUrl: env.text('OTEL_EXPORTER_OTLP_ENDPOINT'),
    sampleRatio: env.ratio('OTEL_TRACES_SAMPLER_ARG', 0.1),
  }
}
