import { randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { readConfig } from './config.ts'
import { ConfigError } from './env-reader.ts'

const key = () => randomBytes(32).toString('base64')
const enough = {
  DATABASE_URL: 'postgres://u:p@127.0.0.1/db',
  APP_SECRET: key(),
  TOKEN_ENCRYPTION_KEYS: `k2:${key()},k1:${key()}`,
}

const faultsOf = (env: Record<string, string>) => {
  try {
    readConfig(env)
    return []
  } catch (error) {
    if (error instanceof ConfigError) return error.faults.map(({ name }) => name)
    throw error
  }
}

describe('readConfig', () => {
  it('needs little and fills in the rest', () => {
    const config = readConfig(enough)
    expect(config.http).toMatchObject({
      port: 4000,
      metricsPort: 4001,
      publicUrl: 'http://127.0.0.1:4000',
    })
    expect(config.identity.accessTokenTtlSeconds).toBe(900)
    expect(config.secrets.encryptionKeys.map(({ keyId }) => keyId)).toEqual(['k2', 'k1'])
    expect(config.spotify).toBeUndefined()
  })

  it('names every fault at once', () => {
    expect(
      faultsOf({ PORT: 'high', APP_SECRET: 'short', LOG_LEVEL: 'loud', PUBLIC_URL: 'ftp://x' }),
    ).toEqual([
      'DATABASE_URL',
      'PORT',
      'PUBLIC_URL',
      'APP_SECRET',
      'TOKEN_ENCRYPTION_KEYS',
      'LOG_LEVEL',
    ])
  })

  it('refuses proxies that are no networks and a database of another kind', () => {
    expect(faultsOf({ ...enough, TRUSTED_PROXIES: '10.0.0.0/8, ::1, true' })).toEqual([
      'TRUSTED_PROXIES',
    ])
    expect(faultsOf({ ...enough, TRUSTED_PROXIES: '10.0.0.0/8,fd00::/8' })).toEqual([])
    expect(faultsOf({ ...enough, DATABASE_URL: 'mysql://u:p@h/db' })).toEqual(['DATABASE_URL'])
  })

  it('takes a relative data folder from the checkout, wherever the caller is', () => {
    const config = readConfig({ ...enough, DATA_DIR: 'elsewhere' })
    expect(config.dataDir).toMatch(/\/elsewhere$/)
    expect(config.dataDir.startsWith(`${process.cwd()}/server`)).toBe(false)
  })

  it('never repeats a secret in its message', () => {
    const secret = 'k1:c2VjcmV0LXNlY3JldC1zZWNyZXQ='
    expect(() => readConfig({ ...enough, TOKEN_ENCRYPTION_KEYS: secret })).toThrow(ConfigError)
    expect(() => readConfig({ ...enough, TOKEN_ENCRYPTION_KEYS: secret })).not.toThrow(/c2Vjc/)
  })

  it('takes providers as configured, on their real addresses unless told otherwise', () => {
    const config = readConfig({ ...enough, SPOTIFY_CLIENT_ID: 'id', GENIUS_ACCESS_TOKEN: 'token' })
    expect(config.spotify).toMatchObject({
      accountsUrl: 'https://accounts.spotify.com',
      apiUrl: 'https://api.spotify.com/v1',
      clientSecret: undefined,
    })
    expect(config.genius?.apiUrl).toBe('https://api.genius.com')
  })
})
