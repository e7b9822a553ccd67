/** Configuration: environment strings in, one typed value out; the only reader of `process.env`. */
export {
  type Config,
  type DatabaseConfig,
  type GeniusConfig,
  type HttpConfig,
  type IdentityConfig,
  readConfig,
  type SpotifyConfig,
  type TelemetryConfig,
} from './config.ts'
export { ConfigError } from './env-reader.ts'
export type { EncryptionKey } from './secrets.ts'
