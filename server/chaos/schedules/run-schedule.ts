import { setTimeout as delay } from 'node:timers/promises'
import { type Means, makeFault } from '../faults/make-fault.ts'
import type { Random } from '../random.ts'
import type { Traffic, Workload } from '../workload/workload.ts'
import { brokenInvariants, type Evidence, recovery } from './invariants.ts'
import { describeFault, type PlannedFault, SCHEDULE_MS } from './schedule.ts'

export interface ScheduleOutcome {
  readonly index: number
  readonly faults: readonly string[]
  readonly traffic: Traffic
  readonly recoveredMs: number
  readonly tookMs: number
  readonly broken: readonly string[]
}

export interface ScheduleRun {
  readonly index: number
  readonly faults: readonly PlannedFault[]
  readonly means: Means
  readonly workload: Workload
  readonly evidence: Evidence
  readonly random: Random
}

/** Two things slow it: a process of ours starts within seconds, and PostgreSQL recovers. */
const RECOVERED_WITHIN_MS = 10_000
const TOLD_LENGTH = 1_000

async function suffer(means: Means, fault: PlannedFault): Promise<void> {
  await delay(fault.atMs)
  const heal = await makeFault(means, fault)
  await delay(fault.forMs)
  await heal()
}

/** Whoever ended by itself, started again so that the next schedule finds it. */
async function deserters({ fleet }: Means): Promise<string[]> {
  const ended = fleet.processes.filter((one) => !one.isRunning())
  const told = ended.map(({ name, log }) => `${name} ended by itself: ${log().slice(-TOLD_LENGTH)}`)
  await Promise.all(ended.map((one) => one.start()))
  return told
}

async function healthy(means: Means) {
  const ended = await deserters(means)
  return { ended, recovered: await recovery(means.fleet, RECOVERED_WITHIN_MS) }
}

/** Who did not recover, with the last that it said. */
function unreadiness({ fleet }: Means, url: string): string {
  const { name, log } = fleet.apis.find((api) => api.url === url) ?? {
    name: 'nginx',
    log: fleet.nginx.log,
  }
  return `${name} is not ready ${RECOVERED_WITHIN_MS} ms later: ${log().slice(-TOLD_LENGTH)}`
}

/** A schedule after which the system could not be looked at. */
export const failedSchedule = (
  { index, faults }: ScheduleRun,
  error: unknown,
): ScheduleOutcome => ({
  index,
  faults: faults.map(describeFault),
  traffic: { done: 0, refused: 0, unanswered: 0 },
  recoveredMs: 0,
  tookMs: 0,
  broken: [`it could not be played to its end: ${String(error)}`],
})

/** Plays the faults while people use the system, heals all, and judges what is left. */
export async function runSchedule(run: ScheduleRun): Promise<ScheduleOutcome> {
  const { index, faults, means, workload, evidence, random } = run
  const startedAt = performance.now()
  let over = false
  const traffic = workload.run(random, () => over)
  const suffered = await Promise.allSettled([
    delay(SCHEDULE_MS),
    ...faults.map((fault) => suffer(means, fault)),
  ])
  const { ended, recovered } = await healthy(means).finally(() => {
    over = true
  })
  const counted = await traffic
  const failures = suffered.flatMap((one) =>
    one.status === 'rejected' ? [`a fault could not be made or undone: ${String(one.reason)}`] : [],
  )
  return {
    index,
    faults: faults.map(describeFault),
    traffic: counted,
    recoveredMs: Math.round(recovered.tookMs),
    tookMs: Math.round(performance.now() - startedAt),
    broken: [
      ...failures,
      ...ended,
      ...recovered.unready.map((url) => unreadiness(means, url)),
      ...(await brokenInvariants(evidence)),
    ],
  }
}
