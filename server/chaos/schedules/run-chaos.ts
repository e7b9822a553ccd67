import { playStretch, type Stretch, type StretchOptions } from './play-stretch.ts'
import type { ScheduleOutcome } from './run-schedule.ts'

export interface ChaosOptions extends Omit<StretchOptions, 'to'> {
  readonly schedules: number
}

export interface ChaosReport extends Stretch {
  readonly seed: number
}

/** After so many a new system takes over, so that neither disk nor memory grows with the run. */
const SCHEDULES_A_SYSTEM = 100

const NOTHING: Stretch = {
  outcomes: [],
  broken: [],
  acknowledgedEvents: 0,
  jobs: 0,
  jobsDoneMs: 0,
}

const joined = (one: Stretch, other: Stretch): Stretch => ({
  outcomes: [...one.outcomes, ...other.outcomes],
  broken: [...one.broken, ...other.broken],
  acknowledgedEvents: one.acknowledgedEvents + other.acknowledgedEvents,
  jobs: one.jobs + other.jobs,
  jobsDoneMs: Math.max(one.jobsDoneMs, other.jobsDoneMs),
})

/** Plays so many schedules, each drawn from the seed and its own number alone. */
export async function runChaos(options: ChaosOptions): Promise<ChaosReport> {
  const { seed, from, schedules, rabbit } = options
  const end = from + schedules
  let total = NOTHING
  for (let next = from; next < end; ) {
    const to = Math.min(end, next + SCHEDULES_A_SYSTEM)
    const played: ScheduleOutcome[] = []
    const say = (outcome: ScheduleOutcome) => {
      played.push(outcome)
      options.say(outcome)
    }
    const stretch = await playStretch({ seed, from: next, to, rabbit, say }).catch(
      (error: unknown): Stretch => ({
        ...NOTHING,
        outcomes: played,
        broken: [
          `schedules ${next} to ${to - 1} could not be played to their end: ${String(error)}`,
        ],
      }),
    )
    total = joined(total, stretch)
    // One that could not be played is not tried again.
    next = stretch.outcomes.length === 0 ? to : next + stretch.outcomes.length
  }
  return { seed, ...total }
}
