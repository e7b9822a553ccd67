import { describe, expect, it } from 'vitest'
import { BackupError } from './backup-error.ts'
import { loadOrder } from './load-order.ts'

describe('the order of loading', () => {
  it('puts what is referred to first, and is the same every time', () => {
    const references = [
      { from: 'a_token', to: 'session' },
      { from: 'session', to: 'z_account' },
      { from: 'tree', to: 'tree' },
    ]
    const order = ['z_account', 'tree', 'session', 'a_token']
    expect(loadOrder(['session', 'a_token', 'tree', 'z_account'], references)).toEqual([
      'tree',
      'z_account',
      'session',
      'a_token',
    ])
    expect(loadOrder(order, references)).toEqual(loadOrder(order.toReversed(), references))
  })

  it('refuses a circle, naming who is in it', () => {
    const references = [
      { from: 'a', to: 'b' },
      { from: 'b', to: 'a' },
    ]
    expect(() => loadOrder(['a', 'b', 'c'], references)).toThrow(BackupError)
    expect(() => loadOrder(['a', 'b', 'c'], references)).toThrow('a, b')
  })
})
