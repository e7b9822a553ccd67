import { describe, expect, it } from 'vitest'
import { type HealthCheck, healthOf } from './health.ts'

const works = (name: string, required = true): HealthCheck => ({
  name,
  required,
  check: async () => {},
})
const fails = (name: string, required = true): HealthCheck => ({
  name,
  required,
  check: () => Promise.reject(new Error('inner text')),
})

describe('health', () => {
  it('is well while everything works', async () => {
    const report = await healthOf([works('database'), works('cache', false)]).report()
    expect(report).toEqual({ status: 'ok', checks: { database: 'ok', cache: 'ok' } })
  })

  it('is worse, but ready, without what has a way round', async () => {
    const report = await healthOf([works('database'), fails('cache', false)]).report()
    expect(report).toEqual({ status: 'degraded', checks: { database: 'ok', cache: 'failed' } })
  })

  it('is unready without what everything needs, and keeps the reason to itself', async () => {
    const error = await healthOf([fails('database'), works('cache', false)])
      .report()
      .catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({
      status: 503,
      code: 'http.unavailable',
      extensions: { checks: { database: 'failed', cache: 'ok' } },
    })
    expect(JSON.stringify(error)).not.toContain('inner text')
  })

  it('is unready once told to stop, whatever works', async () => {
    const health = healthOf([works('database')])
    health.stop()
    await expect(health.report()).rejects.toMatchObject({ status: 503, code: 'http.unavailable' })
  })

  it('waits for no check that hangs', async () => {
    const hanging: HealthCheck = {
      name: 'database',
      required: true,
      check: () => new Promise(() => {}),
    }
    const startedMs = performance.now()
    await expect(healthOf([hanging]).report()).rejects.toMatchObject({ status: 503 })
    expect(performance.now() - startedMs).toBeLessThan(2_000)
  })

  it('runs its checks once for many probes at a time', async () => {
    let runs = 0
    let nowMs = 0
    const counted: HealthCheck = {
      name: 'database',
      required: true,
      check: async () => {
        runs += 1
      },
    }
    const health = healthOf([counted], { nowMs: () => nowMs })
    await Promise.all(Array.from({ length: 50 }, () => health.report()))
    expect(runs).toBe(1)
    nowMs = 500
    await health.report()
    expect(runs).toBe(2)
  })

  it('tells of each change, not of each probe', async () => {
    const told: string[] = []
    let nowMs = 0
    let isUp = false
    const flaky: HealthCheck = {
      name: 'cache',
      required: false,
      check: async () => {
        if (!isUp) throw new Error('down')
      },
    }
    const health = healthOf([flaky], {
      nowMs: () => nowMs,
      onChange: (name, state) => void told.push(`${name} ${state}`),
    })
    for (const up of [false, false, true, true, false]) {
      isUp = up
      await health.report()
      nowMs += 1_000
    }
    expect(told).toEqual(['cache failed', 'cache ok', 'cache failed'])
  })
})
