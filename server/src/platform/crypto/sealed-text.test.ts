import { randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { textSealer } from './sealed-text.ts'

const key = (keyId: string) => ({ keyId, key: randomBytes(32) })

describe('textSealer', () => {
  const first = key('k1')
  const sealer = textSealer([first])

  it('opens what it sealed, for the same context only', () => {
    const sealed = sealer.seal('refresh-token ✓', 'user-1')
    expect(sealer.open(sealed, 'user-1')).toBe('refresh-token ✓')
    expect(() => sealer.open(sealed, 'user-2')).toThrow()
  })

  it('never seals the same text the same way twice', () => {
    expect(sealer.seal('x', 'c')).not.toBe(sealer.seal('x', 'c'))
  })

  it('refuses a changed, truncated or foreign text', () => {
    const sealed = sealer.seal('secret', 'c')
    const [format, keyId, body = ''] = sealed.split('.')
    const flipped = Buffer.from(body, 'base64url')
    flipped[14] = (flipped[14] ?? 0) ^ 1
    expect(() => sealer.open(`${format}.${keyId}.${flipped.toString('base64url')}`, 'c')).toThrow()
    expect(() => sealer.open(`${format}.${keyId}.${body.slice(0, 8)}`, 'c')).toThrow('too short')
    expect(() => sealer.open(`${format}.other.${body}`, 'c')).toThrow('no known key')
    expect(() => sealer.open('', 'c')).toThrow('no known key')
  })

  it('opens with an old key after rotation', () => {
    const sealed = sealer.seal('secret', 'c')
    const rotated = textSealer([key('k2'), first])
    expect(rotated.open(sealed, 'c')).toBe('secret')
    expect(rotated.seal('secret', 'c')).toMatch(/^v1\.k2\./)
  })
})
