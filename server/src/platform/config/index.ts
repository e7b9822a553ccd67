/** Configuration: environment strings in, one typed value out; the only reader of `process.env`. */
export {
  type Config,
  type GeniusConfig,
  type HttpConfig,
  type IdentityConfig,
  readConfig,
  type SpotifyConfig,
  type TelemetryConfig,
} from './config.ts'
export type { DatabaseConfig } from './database-config.ts'
export type {
  BusConfig,
  KafkaConfig,
  ObjectsConfig,
  RedisConfig,
  S3Config,
} from './distributed-config.ts'
export { ConfigError, type Env } from './env-reader.ts'
export {
  type LocalConfig,
  readDemoPassword,
  readLocalConfig,
  SECRETS_FILE,
} from './local-config.ts'

export type { EncryptionKey } from './secrets.ts'
