import { describe, expect, it } from 'vitest'
import { type Admission, type Admitted, admission, type Entrant } from './admission.ts'

/** A limit that stays where it is. */
const of = (limit: number) => admission({ minLimit: limit, maxLimit: limit })
const done = { route: 'r', latencyMs: undefined, nowMs: 0 }

/** Sends requests without end; tells how many got in and what the last was told. */
function fill(door: Admission, entrant: Entrant) {
  const inside: Admitted[] = []
  for (;;) {
    const admitted = door.enter(entrant)
    if (typeof admitted === 'string') return { inside, count: inside.length, refusal: admitted }
    inside.push(admitted)
  }
}

const normal = (tenant: string): Entrant => ({ priority: 'normal', tenant })

describe('admission', () => {
  it('lets one tenant alone use all there is, and no more', () => {
    expect(fill(of(40), normal('a'))).toMatchObject({ count: 40, refusal: 'limit' })
  })

  it('lets in again as many as have left', () => {
    const door = of(10)
    const { inside } = fill(door, normal('a'))
    for (const admitted of inside.slice(0, 3)) admitted.leave(done)
    expect(fill(door, normal('a')).count).toBe(3)
    expect(door.state('requests')).toEqual({ limit: 10, inFlight: 10 })
  })

  it('lets a newcomer in past a tenant that fills everything, who is then held to its share', () => {
    const door = of(40)
    const greedy = fill(door, normal('greedy'))
    const newcomer = door.enter(normal('newcomer'))
    expect(newcomer).toBeTypeOf('object')

    // One leaves: while it is crowded, that place is for the one below its share.
    greedy.inside[0]?.leave(done)
    greedy.inside[1]?.leave(done)
    expect(door.enter(normal('greedy'))).toBe('tenant')
    expect(door.enter(normal('newcomer'))).toBeTypeOf('object')
  })

  it('shares evenly among tenants that all want more than there is', () => {
    const door = of(40)
    const served = { a: 0, b: 0, c: 0, d: 0 }
    // One of them sends ten times as much as each of the others.
    const senders = [...Array<'a'>(10).fill('a'), 'b', 'c', 'd'] as const
    const inside: Admitted[] = []
    for (let turn = 0; turn < 4000; turn += 1) {
      for (const tenant of senders) {
        const admitted = door.enter(normal(tenant))
        if (typeof admitted === 'string') continue
        served[tenant] += 1
        inside.push(admitted)
      }
      for (const leaving of inside.splice(0, 3)) leaving.leave(done)
    }
    const others = served.b + served.c + served.d
    expect(Math.min(served.b, served.c, served.d)).toBeGreaterThan(others / 4)
    expect(served.a).toBeLessThan(others)
  })

  it('sheds what is expensive first and what is critical last', () => {
    const door = of(40)
    expect(fill(door, { priority: 'bulk', tenant: 'a' }).count).toBe(28)
    expect(fill(door, normal('a')).count).toBe(12)
    expect(fill(door, { priority: 'critical', tenant: 'a' }).count).toBe(20)
  })

  it('keeps a flood of events away from everything else', () => {
    const door = of(40)
    expect(fill(door, { priority: 'intake', tenant: 'a' }).count).toBe(40)
    expect(door.state('requests').inFlight).toBe(0)
    expect(fill(door, normal('a')).count).toBe(40)
  })

  it('lowers the limit of what queues, but never that of the intake below a quarter', () => {
    const door = admission({ minLimit: 4, maxLimit: 400 })
    const queue = (priority: 'normal' | 'intake') => {
      for (let window = 0; window < 100; window += 1) {
        const { inside } = fill(door, { priority, tenant: 'a' })
        const latencyMs = window < 5 ? 10 : 10 * inside.length
        for (const admitted of inside) admitted.leave({ ...done, latencyMs, nowMs: window * 5_000 })
      }
    }
    queue('normal')
    queue('intake')
    expect(door.state('requests').limit).toBeLessThan(50)
    expect(door.state('intake').limit).toBeGreaterThanOrEqual(100)
  })

  it('serves one at a time at the least', () => {
    expect(fill(of(1), { priority: 'bulk', tenant: 'a' }).count).toBe(1)
  })
})
