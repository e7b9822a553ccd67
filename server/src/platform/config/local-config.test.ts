import { describe, expect, it } from 'vitest'
import { ConfigError } from './env-reader.ts'
import { readDemoPassword, readLocalConfig } from './local-config.ts'

describe('readLocalConfig', () => {
  it('needs no variable at all', () => {
    expect(readLocalConfig({})).toMatchObject({
      port: 4000,
      metricsPort: 4001,
      workerMetricsPort: 4002,
      sandboxPort: 4010,
      publicUrl: 'http://127.0.0.1:4000',
      databaseUrl: undefined,
    })
  })

  it('moves every port with PORT, so that two systems run side by side', () => {
    expect(readLocalConfig({ PORT: '5000' })).toMatchObject({
      metricsPort: 5001,
      workerMetricsPort: 5002,
      sandboxPort: 5010,
    })
  })

  it('leaves the sandbox out when the operator has a Spotify app', () => {
    expect(readLocalConfig({ SPOTIFY_CLIENT_ID: 'app' }).sandboxPort).toBe(undefined)
    const url = 'https://api.spotify.com/v1'
    expect(readLocalConfig({ SPOTIFY_API_URL: url }).sandboxPort).toBe(undefined)
  })

  it('names every faulty variable at once', () => {
    expect(() => readLocalConfig({ PORT: 'x', SANDBOX_PORT: '0' })).toThrow(ConfigError)
    expect(() => readLocalConfig({ PORT: 'x', SANDBOX_PORT: '0' })).toThrow(
      /PORT.*\n.*SANDBOX_PORT/,
    )
  })
})

describe('readDemoPassword', () => {
  it('takes the one given, and names the variable when there is none', () => {
    expect(readDemoPassword({ DEMO_PASSWORD: 'correct horse' })).toBe('correct horse')
    expect(() => readDemoPassword({ DATA_DIR: '/nonexistent' })).toThrow('DEMO_PASSWORD')
  })
})
