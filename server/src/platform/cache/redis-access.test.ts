import { describe, expect, it } from 'vitest'
import { createLogger, createMetrics } from '#platform/telemetry'
import { redisAccess } from './redis-access.ts'

/** Access to a Redis that answers each ping, and each command, after as long as the test says. */
async function setUp() {
  const state = { nowMs: 0, latencyMs: 1, trusted: 0 }
  const answer = async <T>(value: T) => {
    state.nowMs += state.latencyMs
    return value
  }
  const listeners: { onReady(): void }[] = []
  const ready = () => {
    for (const { onReady } of listeners) onReady()
  }
  const metrics = createMetrics()
  const access = redisAccess({
    redis: {
      commandTimeoutMs: 150,
      connect: () => undefined,
      ping: () => answer('PONG'),
      watch: (listener) => void listeners.push(listener),
    },
    metrics,
    logger: createLogger({ logLevel: 'silent' }, { service: 'test' }),
    makeGood: async () => undefined,
    isBehind: () => false,
    onTrusted: () => {
      state.trusted += 1
    },
    now: () => state.nowMs,
  })
  ready()
  await expect.poll(() => access.isTrusted).toBe(true)
  return { access, state, ready, metrics, ask: () => access.ask('read', () => answer('value')) }
}

describe('access to Redis', () => {
  it('lets go of everybody who waits when one command is not answered', async () => {
    const { access } = await setUp()
    const never = new Promise<string>(() => undefined)
    const waiting = [1, 2, 3].map(() => access.ask('read', () => never))
    const failed = access.ask('read', () => Promise.reject(new Error('Command timed out')))
    expect(await Promise.all([...waiting, failed])).toEqual(Array(4).fill(undefined))
    expect(access.isTrusted).toBe(false)
    access.stop()
  })

  it('asks no more when even the fastest answers of a while are slow', async () => {
    const { access, state, metrics, ask } = await setUp()
    state.latencyMs = 100
    while (access.isTrusted && state.nowMs < 5_000) expect(await ask()).toBe('value')
    expect(state.nowMs).toBeLessThan(1_000)
    expect(await ask()).toBeUndefined()
    const { values } = await metrics.cacheRemoteFailures.get()
    expect(values).toMatchObject([{ labels: { operation: 'read', cause: 'slow' }, value: 1 }])
    access.stop()
  })

  it('does not mind slow answers among quick ones', async () => {
    const { access, state, ask } = await setUp()
    for (let at = 0; at < 100; at += 1) {
      state.latencyMs = at % 3 === 0 ? 10 : 120
      expect(await ask()).toBe('value')
    }
    expect(access.isTrusted).toBe(true)
    access.stop()
  })

  it('does not take Redis back as long as it is slow', async () => {
    const { access, state, ready, ask } = await setUp()
    await access.ask('read', () => Promise.reject(new Error('Command timed out')))
    state.latencyMs = 100
    const before = state.nowMs
    ready()
    await expect.poll(() => state.nowMs).toBe(before + 300)
    expect(access.isTrusted).toBe(false)
    state.latencyMs = 1
    ready()
    await expect.poll(() => access.isTrusted).toBe(true)
    expect(state.trusted).toBe(2)
    expect(await ask()).toBe('value')
    access.stop()
  })

  it('goes on asking a Redis that refuses, unless it refuses to forget', async () => {
    const { access } = await setUp()
    const refusal = Object.assign(new Error('OOM'), { name: 'ReplyError' })
    expect(await access.ask('write', () => Promise.reject(refusal))).toBeUndefined()
    expect(access.isTrusted).toBe(true)
    expect(await access.ask('forget', () => Promise.reject(refusal))).toBeUndefined()
    expect(access.isTrusted).toBe(false)
    access.stop()
  })
})
