import { setTimeout as delay } from 'node:timers/promises'
import { jobSender } from '#platform/jobs'
import { createLogger, createMetrics } from '#platform/telemetry'
import { countingJob, effectsOf } from '../counting/counting-job.ts'
import { openWitness, type Witness } from '../database.ts'
import { seededRandom } from '../random.ts'
import { eventLedger } from '../workload/event-ledger.ts'
import { violations } from '../workload/violations.ts'
import { startWorkload } from '../workload/workload.ts'
import { startSystem } from './chaos-system.ts'
import { brokenInvariants } from './invariants.ts'
import { failedSchedule, runSchedule, type ScheduleOutcome } from './run-schedule.ts'
import { makeSchedule } from './schedule.ts'
import { stageOf } from './stage.ts'

export interface StretchOptions {
  readonly seed: number
  readonly from: number
  /** The first schedule that is not played. */
  readonly to: number
  readonly rabbit: boolean
  readonly say: (outcome: ScheduleOutcome) => void
}

export interface Stretch {
  /** Fewer than asked for when the system could not be healed after one of them. */
  readonly outcomes: readonly ScheduleOutcome[]
  /** Of everything at the end, when all jobs have had their time. */
  readonly broken: readonly string[]
  readonly acknowledgedEvents: number
  readonly jobs: number
  /** From the end of the last schedule until every job had had its effect. */
  readonly jobsDoneMs: number
}

const JOBS_DONE_WITHIN_MS = 120_000
const LOOK_EVERY_MS = 250

/** Every job that was surely enqueued has had its effect, within a bound. */
async function jobsLeft(witness: Witness, expected: number): Promise<string[]> {
  const deadline = performance.now() + JOBS_DONE_WITHIN_MS
  for (;;) {
    const { once, moreThanOnce } = await effectsOf(witness)
    const missing = expected - once - moreThanOnce
    if (missing <= 0) return []
    if (performance.now() > deadline)
      return [`${missing} of ${expected} jobs never had their effect`]
    await delay(LOOK_EVERY_MS)
  }
}

const jobsOf = (databaseUrl: string) =>
  jobSender({
    databaseUrl,
    logger: createLogger({ logLevel: 'silent' }, { service: 'chaos' }),
    metrics: createMetrics(),
    jobs: [countingJob],
  })

/** One system that suffers schedule after schedule. */
export async function playStretch(options: StretchOptions): Promise<Stretch> {
  const { seed, from, to, rabbit, say } = options
  const means = await startSystem(rabbit)
  const { fleet } = means
  const witness = openWitness(fleet.databaseUrl)
  const jobs = jobsOf(fleet.databaseUrl)
  try {
    const evidence = { witness, ledger: eventLedger(), violations: violations() }
    const workload = await startWorkload({ ...evidence, fleet, jobs })
    const stage = stageOf(means)
    const outcomes: ScheduleOutcome[] = []
    for (let index = from, healed = true; index < to && healed; index += 1) {
      const random = seededRandom(seed).fork(`schedule ${index}`)
      const faults = makeSchedule(random.fork('faults'), stage)
      const run = { index, faults, means, workload, evidence, random: random.fork('people') }
      const outcome = await runSchedule(run).catch((error: unknown) => {
        healed = false
        return failedSchedule(run, error)
      })
      outcomes.push(outcome)
      say(outcome)
    }
    const endedAt = performance.now()
    const left = await jobsLeft(witness, workload.enqueued.size)
    const jobsDoneMs = Math.round(performance.now() - endedAt)
    const broken = [...left, ...(await brokenInvariants(evidence, { all: true }))]
    const { acknowledgedCount: acknowledgedEvents } = evidence.ledger
    return { outcomes, broken, acknowledgedEvents, jobs: workload.enqueued.size, jobsDoneMs }
  } finally {
    await jobs.stop().catch(() => undefined)
    await witness.close()
    await means.close()
  }
}
