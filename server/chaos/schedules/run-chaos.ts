import { resolve } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { jobSender } from '#platform/jobs'
import { createLogger, createMetrics } from '#platform/telemetry'
import { type Fleet, startFleet } from '../../test/fleet/index.ts'
import { COUNTING_TABLE, countingJob, effectsOf } from '../counting/counting-job.ts'
import { openWitness, type Witness } from '../database.ts'
import { clockFiles } from '../faults/clock-files.ts'
import type { Means } from '../faults/make-fault.ts'
import { smallDisk } from '../faults/small-disk.ts'
import { seededRandom } from '../random.ts'
import { eventLedger } from '../workload/event-ledger.ts'
import { violations } from '../workload/violations.ts'
import { startWorkload } from '../workload/workload.ts'
import { brokenInvariants } from './invariants.ts'
import { runSchedule, type ScheduleOutcome } from './run-schedule.ts'
import { makeSchedule } from './schedule.ts'
import { stageOf } from './stage.ts'

export interface ChaosOptions {
  readonly seed: number
  /** The first schedule; each is drawn from the seed and its own number alone. */
  readonly from: number
  readonly schedules: number
  readonly rabbit: boolean
  /** Told of each schedule as it ends. */
  readonly say: (outcome: ScheduleOutcome) => void
}

export interface ChaosReport {
  readonly seed: number
  readonly outcomes: readonly ScheduleOutcome[]
  /** Of everything at the end, when all jobs have had their time. */
  readonly broken: readonly string[]
  readonly acknowledgedEvents: number
  readonly jobs: number
  /** From the end of the last schedule until every job had had its effect. */
  readonly jobsDoneMs: number
}

const COUNTER = resolve(import.meta.dirname, '../counting/counting-worker.ts')
const JOBS_DONE_WITHIN_MS = 120_000

async function startSystem(rabbit: boolean): Promise<Means & { close(): Promise<void> }> {
  const clocks = await clockFiles()
  const disk = await smallDisk()
  const closeMeans = async () => {
    await clocks?.close()
    await disk?.close()
  }
  try {
    const fleet = await startFleet({
      apis: 2,
      workers: 1,
      also: [{ name: 'counter-1', program: COUNTER }],
      redis: true,
      rabbit,
      proxied: true,
      prepare: async (databaseUrl) => {
        const before = openWitness(databaseUrl)
        await before.rows(COUNTING_TABLE)
        await before.close()
      },
      ...(disk !== undefined && { dataDir: disk.folder }),
      ...(clocks !== undefined && { envOf: clocks.env }),
    })
    return {
      fleet,
      clocks,
      disk,
      async close() {
        await fleet.close()
        await closeMeans()
      },
    }
  } catch (error) {
    await closeMeans()
    throw error
  }
}

/** Every job that was surely enqueued has had its effect, within a bound. */
async function jobsLeft(witness: Witness, expected: number): Promise<string[]> {
  const deadline = performance.now() + JOBS_DONE_WITHIN_MS
  for (;;) {
    const { once, moreThanOnce } = await effectsOf(witness)
    const missing = expected - once - moreThanOnce
    if (missing <= 0) return []
    if (performance.now() > deadline)
      return [`${missing} of ${expected} jobs never had their effect`]
    await delay(250)
  }
}

const jobsOf = ({ databaseUrl }: Fleet) =>
  jobSender({
    databaseUrl,
    logger: createLogger({ logLevel: 'silent' }, { service: 'chaos' }),
    metrics: createMetrics(),
    jobs: [countingJob],
  })

/** One system that suffers schedule after schedule. */
export async function runChaos(options: ChaosOptions): Promise<ChaosReport> {
  const { seed, from, schedules, rabbit, say } = options
  const means = await startSystem(rabbit)
  const { fleet } = means
  const witness = openWitness(fleet.databaseUrl)
  const jobs = jobsOf(fleet)
  try {
    const evidence = { fleet, witness, ledger: eventLedger(), violations: violations() }
    const workload = await startWorkload({ ...evidence, jobs })
    const stage = stageOf(means)
    const outcomes: ScheduleOutcome[] = []
    for (let index = from; index < from + schedules; index += 1) {
      const random = seededRandom(seed).fork(`schedule ${index}`)
      const faults = makeSchedule(random.fork('faults'), stage)
      const run = { index, faults, means, workload, evidence, random: random.fork('people') }
      const outcome = await runSchedule(run)
      outcomes.push(outcome)
      say(outcome)
    }
    const endedAt = performance.now()
    const left = await jobsLeft(witness, workload.enqueued.size)
    const jobsDoneMs = Math.round(performance.now() - endedAt)
    const broken = [...left, ...(await brokenInvariants(evidence, { all: true }))]
    const { acknowledgedCount: acknowledgedEvents } = evidence.ledger
    return {
      seed,
      outcomes,
      broken,
      acknowledgedEvents,
      jobs: workload.enqueued.size,
      jobsDoneMs,
    }
  } finally {
    await jobs.stop().catch(() => undefined)
    await witness.close()
    await means.close()
  }
}
