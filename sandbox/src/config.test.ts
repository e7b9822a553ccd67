import { describe, expect, it } from 'vitest'
import { ConfigError, readCommand, readConfig } from './config.ts'

describe('the settings', () => {
  it('have defaults for everything', () => {
    expect(readConfig({ SANDBOX_PORT: '' })).toEqual({
      port: 4010,
      host: '127.0.0.1',
      mode: 'catalogue',
      clientId: 'sandbox-client',
      clientSecret: 'sandbox-secret',
      geniusToken: 'sandbox-genius-token',
      redirectUris: [],
    })
  })

  it('are refused with all their faults', () => {
    const read = () =>
      readConfig({ SANDBOX_PORT: '70000', SANDBOX_MODE: 'x', SANDBOX_REDIRECT_URIS: 'y' })
    expect(read).toThrow(ConfigError)
    expect(read).toThrow(/SANDBOX_MODE[\s\S]*SANDBOX_PORT[\s\S]*SANDBOX_REDIRECT_URIS/)
  })

  it('need a folder in recorded mode', () => {
    expect(() => readConfig({ SANDBOX_MODE: 'recorded' })).toThrow('SANDBOX_RECORDED_DIR')
  })
})

describe('the command line', () => {
  it('serves unless told otherwise', () => {
    expect(readCommand([])).toEqual({ name: 'serve' })
  })

  it('reads where and until when to write the history', () => {
    expect(readCommand(['history', '--out', 'x', '--until', '2026-12-01'])).toEqual({
      name: 'history',
      out: 'x',
      until: new Date('2026-12-01'),
    })
  })

  it.each([
    [['history']],
    [['fly']],
    [['serve', '--fast']],
    [['history', '--out', 'x', '--until', 'y']],
  ])('refuses %j', (args) => {
    expect(() => readCommand(args)).toThrow(ConfigError)
  })
})
