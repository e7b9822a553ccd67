import { describe, expect, it } from 'vitest'
import { seededRandom } from '../../chaos/random.ts'
import { makeSchedule, SCHEDULE_MS, type Stage } from '../../chaos/schedules/schedule.ts'

const stage: Stage = {
  links: ['api-1→postgres', 'api-1→redis'],
  processes: ['api-1', 'worker-1'],
  kinds: [
    { kind: 'link.reset', weight: 3 },
    { kind: 'process.kill', weight: 2 },
    { kind: 'postgres.crash', weight: 1 },
    { kind: 'clock.jump', weight: 1 },
  ],
}

const schedules = Array.from({ length: 200 }, (_, index) =>
  makeSchedule(seededRandom(7).fork(`schedule ${index}`), stage),
)

describe('a schedule of faults', () => {
  it('is the same whenever it is drawn from the same seed', () => {
    expect(
      schedules.map((_, index) => makeSchedule(seededRandom(7).fork(`schedule ${index}`), stage)),
    ).toEqual(schedules)
  })

  it('differs from seed to seed', () => {
    expect(makeSchedule(seededRandom(8), stage)).not.toEqual(makeSchedule(seededRandom(9), stage))
  })

  it('hits only what is there, nobody twice, within its time and in order', () => {
    const known = [...stage.links, ...stage.processes, 'postgres']
    for (const faults of schedules) {
      expect(faults.length).toBeGreaterThan(0)
      const targets = faults.map(({ target }) => target)
      expect(known).toEqual(expect.arrayContaining(targets))
      expect(new Set(targets).size).toBe(targets.length)
      const times = faults.map(({ atMs }) => atMs)
      expect(times).toEqual(times.toSorted((a, b) => a - b))
      expect(times.at(-1)).toBeLessThanOrEqual(SCHEDULE_MS)
    }
  })

  it('brings up every kind, the frequent ones more often', () => {
    const counts = Map.groupBy(schedules.flat(), ({ kind }) => kind)
    const times = (kind: (typeof stage.kinds)[number]['kind']) => counts.get(kind)?.length ?? 0
    expect(times('link.reset')).toBeGreaterThan(times('postgres.crash'))
    for (const { kind } of stage.kinds) expect(times(kind)).toBeGreaterThan(0)
  })
})
