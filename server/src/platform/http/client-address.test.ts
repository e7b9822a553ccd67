import type { IncomingMessage } from 'node:http'
import { describe, expect, it } from 'vitest'
import { clientAddress, networkCheck } from './client-address.ts'

const request = (remoteAddress: string, forwarded?: string) =>
  ({ socket: { remoteAddress }, headers: { 'x-forwarded-for': forwarded } }) as unknown as Pick<
    IncomingMessage,
    'socket' | 'headers'
  >

describe('who sent a request', () => {
  const isTrusted = networkCheck(['10.0.0.0/8', '192.0.2.1', 'fd00::/8'])

  it.each([
    ['a stranger', '203.0.113.9', undefined, '203.0.113.9'],
    ['a stranger who names another', '203.0.113.9', '198.51.100.1', '203.0.113.9'],
    ['our proxy for a stranger', '10.1.2.3', '203.0.113.9', '203.0.113.9'],
    ['our proxy, mapped into IPv6', '::ffff:10.1.2.3', '203.0.113.9', '203.0.113.9'],
    ['two of our proxies', '192.0.2.1', '203.0.113.9, fd00::7', '203.0.113.9'],
    [
      'a stranger who forged what our proxy noted',
      '10.1.2.3',
      '1.1.1.1, 203.0.113.9',
      '203.0.113.9',
    ],
    ['our proxy for itself', '10.1.2.3', undefined, '10.1.2.3'],
    ['our proxy for another of ours', '10.1.2.3', '10.9.9.9', '10.9.9.9'],
    ['our proxy with nonsense', '10.1.2.3', 'unknown', 'unknown'],
  ])('%s', (_, peer, forwarded, expected) => {
    expect(clientAddress(request(peer, forwarded), isTrusted)).toBe(expected)
  })

  it('is the peer when no proxy is trusted', () => {
    expect(clientAddress(request('10.1.2.3', '203.0.113.9'), networkCheck([]))).toBe('10.1.2.3')
  })
})
