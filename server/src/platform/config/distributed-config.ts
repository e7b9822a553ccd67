import { join } from 'node:path'
import { readDataDir } from './data-dir.ts'
import type { EnvReader } from './env-reader.ts'

export interface RedisConfig {
  /** redis:// or rediss:// */
  url: string
  /** An answer that takes longer counts as none: the cache must never be what a request waits for. */
  commandTimeoutMs: number
}

export interface S3Config {
  kind: 's3'
  bucket: string
  /** Put before every key; without slashes at its ends, or empty. */
  prefix: string
  region: string
  /** Undefined for AWS itself. */
  endpoint: string | undefined
  forcePathStyle: boolean
  /** Undefined to find them the way AWS clients do: role, profile, instance. */
  credentials: { accessKeyId: string; secretAccessKey: string } | undefined
}

/** Where objects lie: a folder, or a store that speaks S3. */
export type ObjectsConfig = { kind: 'files'; folder: string } | S3Config

export interface KafkaConfig {
  kind: 'kafka'
  brokers: readonly string[]
  ssl: boolean
  sasl:
    | {
        mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512'
        username: string
        password: string
      }
    | undefined
}

/** What carries events between processes. */
export type BusConfig = { kind: 'database' } | { kind: 'amqp'; url: string } | KafkaConfig

export function readRedis(env: EnvReader): RedisConfig | undefined {
  const url = env.secretUrl('REDIS_URL', ['redis:', 'rediss:'])
  const commandTimeoutMs = env.integer('REDIS_COMMAND_TIMEOUT_MS', 150, { min: 10, max: 10_000 })
  return url === undefined ? undefined : { url, commandTimeoutMs }
}

export function readObjects(env: EnvReader): ObjectsConfig {
  const bucket = env.text('S3_BUCKET')
  if (bucket === undefined) return { kind: 'files', folder: join(readDataDir(env), 'objects') }
  return {
    kind: 's3',
    bucket,
    prefix: (env.text('S3_PREFIX') ?? '').replace(/^\/+|\/+$/g, ''),
    region: env.text('S3_REGION') ?? 'us-east-1',
    endpoint: env.text('S3_ENDPOINT') === undefined ? undefined : env.url('S3_ENDPOINT', ''),
    forcePathStyle: env.flag('S3_FORCE_PATH_STYLE'),
    credentials: readS3Credentials(env),
  }
}

function readS3Credentials(env: EnvReader): S3Config['credentials'] {
  const accessKeyId = env.text('S3_ACCESS_KEY_ID')
  const secretAccessKey = env.text('S3_SECRET_ACCESS_KEY')
  if (accessKeyId === undefined && secretAccessKey === undefined) return undefined
  if (accessKeyId === undefined) env.fault('S3_ACCESS_KEY_ID', 'is required with a secret key')
  if (secretAccessKey === undefined) env.fault('S3_SECRET_ACCESS_KEY', 'is required with a key id')
  return { accessKeyId: accessKeyId ?? '', secretAccessKey: secretAccessKey ?? '' }
}

export function readBus(env: EnvReader): BusConfig {
  const url = env.secretUrl('AMQP_URL', ['amqp:', 'amqps:'])
  const brokers = env.list('KAFKA_BROKERS')
  if (url !== undefined && brokers.length > 0) {
    env.fault('KAFKA_BROKERS', 'is set beside AMQP_URL: choose one')
  }
  for (const broker of brokers) {
    if (!/^[\w.[\]:-]+:\d{1,5}$/.test(broker)) {
      env.fault('KAFKA_BROKERS', `"${broker}" does not have the form host:port`)
    }
  }
  if (url !== undefined) return { kind: 'amqp', url }
  if (brokers.length === 0) return { kind: 'database' }
  return { kind: 'kafka', brokers, ssl: env.flag('KAFKA_SSL'), sasl: readSasl(env) }
}

function readSasl(env: EnvReader): KafkaConfig['sasl'] {
  if (env.text('KAFKA_SASL_USERNAME') === undefined) return undefined
  return {
    mechanism: env.choice('KAFKA_SASL_MECHANISM', 'scram-sha-256', [
      'plain',
      'scram-sha-256',
      'scram-sha-512',
    ]),
    username: env.text('KAFKA_SASL_USERNAME') ?? '',
    password: env.required('KAFKA_SASL_PASSWORD', 'it goes with KAFKA_SASL_USERNAME'),
  }
}
