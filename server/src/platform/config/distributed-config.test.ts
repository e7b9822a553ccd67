import { describe, expect, it } from 'vitest'
import { readConfig } from './config.ts'
import { ConfigError } from './env-reader.ts'

const key = Buffer.alloc(32, 7).toString('base64')
const enough = {
  DATABASE_URL: 'postgres://u:p@127.0.0.1/db',
  APP_SECRET: key,
  TOKEN_ENCRYPTION_KEYS: `k:${key}`,
}
const read = (env: Record<string, string>) => readConfig({ ...enough, ...env })
const faultsOf = (env: Record<string, string>) => {
  try {
    read(env)
    return []
  } catch (error) {
    if (error instanceof ConfigError) return error.faults.map(({ name }) => name)
    throw error
  }
}

describe('what many machines share', () => {
  it('is embedded when nothing is said', () => {
    const config = read({ DATA_DIR: '/data' })
    expect(config.redis).toBeUndefined()
    expect(config.bus).toEqual({ kind: 'database' })
    expect(config.objects).toEqual({ kind: 'files', folder: '/data/objects' })
    expect(config.reco.remoteUrl).toBeUndefined()
    expect(config.database.directUrl).toBe(enough.DATABASE_URL)
  })

  it('is taken from the environment alone', () => {
    const config = read({
      REDIS_URL: 'rediss://:secret@cache:6380/1',
      S3_BUCKET: 'music',
      S3_ENDPOINT: 'http://127.0.0.1:9000/',
      S3_PREFIX: '/prod/',
      S3_FORCE_PATH_STYLE: 'true',
      S3_ACCESS_KEY_ID: 'id',
      S3_SECRET_ACCESS_KEY: 'secret',
      KAFKA_BROKERS: 'a:9092, b:9092',
      DATABASE_DIRECT_URL: 'postgres://u:p@127.0.0.1:5433/db',
      RECO_URL: 'https://reco.internal',
    })
    expect(config.redis?.url).toBe('rediss://:secret@cache:6380/1')
    expect(config.objects).toMatchObject({
      kind: 's3',
      endpoint: 'http://127.0.0.1:9000',
      prefix: 'prod',
      forcePathStyle: true,
    })
    expect(config.bus).toMatchObject({ kind: 'kafka', brokers: ['a:9092', 'b:9092'] })
    expect(config.database.directUrl).toContain(':5433')
    expect(config.reco.remoteUrl).toBe('https://reco.internal')
  })

  it('is refused with every fault named, and no secret repeated', () => {
    const wrong = {
      REDIS_URL: 'http://:hush@cache',
      AMQP_URL: 'amqp://bus',
      KAFKA_BROKERS: 'nowhere',
      S3_BUCKET: 'music',
      S3_ACCESS_KEY_ID: 'id',
      RECO_TLS_CERT_FILE: '/cert.pem',
      RECO_CLIENT_KEY_FILE: '/key.pem',
      HTTP_MIN_CONCURRENCY: '500',
      DATABASE_REPLICA_URL: 'mysql://u:hush@h/db',
    }
    expect(faultsOf(wrong).toSorted()).toEqual([
      'DATABASE_REPLICA_URL',
      'HTTP_MIN_CONCURRENCY',
      'KAFKA_BROKERS',
      'KAFKA_BROKERS',
      'RECO_CLIENT_CERT_FILE',
      'RECO_TLS_KEY_FILE',
      'REDIS_URL',
      'S3_SECRET_ACCESS_KEY',
    ])
    expect(() => read(wrong)).not.toThrow(/hush/)
  })
})
