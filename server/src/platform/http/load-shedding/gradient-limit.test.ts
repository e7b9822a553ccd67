import { describe, expect, it } from 'vitest'
import { type Moment, type Simulation, simulate } from './gradient-limit.simulation.ts'

const SERVERS = [
  { slots: 1, serviceMs: 3 },
  { slots: 4, serviceMs: 10 },
  { slots: 10, serviceMs: 20 },
  { slots: 50, serviceMs: 100 },
]
const CASES = SERVERS.flatMap((server, index) => [{ ...server, seed: index + 1 }])

const run = (
  { slots, serviceMs, seed }: { slots: number; serviceMs: number; seed: number },
  changes: Partial<Simulation>,
) =>
  simulate({
    slots,
    serviceMs: () => serviceMs,
    load: () => 0.7,
    forMs: 60_000,
    minLimit: 8,
    maxLimit: 256,
    seed,
    ...changes,
  })

const during = (moments: readonly Moment[], fromMs: number, toMs: number) =>
  moments.filter(({ nowMs }) => nowMs >= fromMs && nowMs < toMs)
const sum = (moments: readonly Moment[], what: 'answered' | 'shed') =>
  moments.reduce((total, moment) => total + moment[what], 0)
/** Answered a second, as a share of what the server can do. */
const goodput = (moments: readonly Moment[], { slots, serviceMs }: (typeof SERVERS)[number]) =>
  sum(moments, 'answered') / moments.length / ((1000 * slots) / serviceMs)

describe('the limit of requests at once', () => {
  it.each(CASES)('sheds nothing while there is room: %j', (server) => {
    expect(sum(run(server, {}), 'shed')).toBe(0)
  })

  it.each(CASES)('keeps goodput under three times the load: %j', (server) => {
    const load = (nowMs: number) => (nowMs < 15_000 ? 0.7 : 3)
    const moments = during(run(server, { load }), 20_000, 60_000)
    expect(goodput(moments, server)).toBeGreaterThan(0.9)
  })

  it.each(CASES)('is down three seconds after an overload has begun: %j', (server) => {
    const load = (nowMs: number) => (nowMs < 5_000 ? 0.5 : 3)
    const limit = during(run(server, { load, forMs: 10_000 }), 8_000, 9_000)[0]?.limit
    expect(limit).toBeLessThan(server.slots * 2 + 24)
  })

  it.each(CASES)('comes near to what the server works at in parallel: %j', (server) => {
    const load = (nowMs: number) => (nowMs < 15_000 ? 0.7 : 3)
    const late = during(run(server, { load, forMs: 90_000 }), 60_000, 90_000)
    const limit = late.reduce((total, moment) => total + moment.limit, 0) / late.length
    expect(limit).toBeGreaterThanOrEqual(Math.max(8, server.slots * 0.8))
    // What waits is allowed for: half as slow again, and the square root of the limit.
    expect(limit).toBeLessThan(server.slots * 2 + 24)
  })

  it.each(CASES)('comes down although the overload was there from the start: %j', (server) => {
    const moments = run(server, { load: () => 3, forMs: 120_000 })
    expect(moments.at(-1)?.limit).toBeLessThan(128)
    expect(goodput(moments, server)).toBeGreaterThan(0.9)
  })

  it.each(CASES)('recovers after a slow phase: %j', (server) => {
    const serviceMs = (nowMs: number) =>
      nowMs > 20_000 && nowMs < 40_000 ? server.serviceMs * 5 : server.serviceMs
    const moments = run(server, { serviceMs, load: () => 0.8, forMs: 90_000 })
    const after = during(moments, 60_000, 90_000)
    expect(sum(after, 'shed') / sum(after, 'answered')).toBeLessThan(0.05)
  })

  it.each(CASES)('never leaves its bounds: %j', (server) => {
    const load = (nowMs: number) => (Math.floor(nowMs / 5_000) % 2 === 0 ? 0.3 : 8)
    const serviceMs = (nowMs: number) =>
      server.serviceMs * (Math.floor(nowMs / 7_000) % 3 === 0 ? 6 : 1)
    const limits = run(server, { load, serviceMs, minLimit: 5, maxLimit: 40 }).map(
      (moment) => moment.limit,
    )
    expect(Math.min(...limits)).toBeGreaterThanOrEqual(5)
    expect(Math.max(...limits)).toBeLessThanOrEqual(40)
  })
})
