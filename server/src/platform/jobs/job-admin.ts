import type { PgBoss } from 'pg-boss'
import { deadLetterOf } from './boss.ts'
import type { AnyJob } from './job-definition.ts'
import { UnknownJobError } from './job-errors.ts'
import type { JobQueue } from './job-queue.ts'
import { type JobFilter, type JobRecord, type JobSummary, jobRecords } from './job-records.ts'
import { type QueueDepth, queueDepths } from './queue-depths.ts'

export interface JobSchedule {
  job: string
  /** UTC */
  cron: string
  nextAt: Date | undefined
}

/** What operators see of jobs, and do to them. */
export interface JobAdmin {
  queues(): Promise<QueueDepth[]>
  /** The newest first. @throws UnknownJobError */
  list(filter: JobFilter): Promise<JobSummary[]>
  /** Undefined when there is no such job, or not any more: they are kept for a week or two. */
  show(jobId: string): Promise<JobRecord | undefined>
  /**
   * Enqueues a job by name; null when an equal unique job stands for it.
   * @throws UnknownJobError, InvalidPayloadError
   */
  run(jobName: string, payload: object): Promise<string | null>
  /**
   * Drops a waiting job; a running one gets its signal aborted within seconds, on whichever worker.
   * False when it has ended already, or is unknown.
   */
  cancel(jobId: string): Promise<boolean>
  /** Moves jobs from the dead-letter queue back, all or those named; gives how many. @throws UnknownJobError */
  redrive(jobName: string, jobIds?: readonly string[]): Promise<number>
  schedules(): Promise<JobSchedule[]>
}

interface Dependencies {
  boss: () => Promise<PgBoss>
  enqueue: JobQueue['enqueue']
  jobs: readonly AnyJob[]
}

const REDRIVEN_AT_ONCE = 1000

export function jobAdmin({ boss, enqueue, jobs }: Dependencies): JobAdmin {
  const names = jobs.map(({ name }) => name)
  const records = jobRecords(boss, names)

  function known(name: string): AnyJob {
    const job = jobs.find((one) => one.name === name)
    if (job === undefined) throw new UnknownJobError(name, names)
    return job
  }

  async function redriveAll(name: string, jobIds?: readonly string[]): Promise<number> {
    const queue = deadLetterOf(known(name).name)
    const filter = { limit: REDRIVEN_AT_ONCE, ...(jobIds && { ids: [...jobIds] }) }
    for (let moved = 0; ; ) {
      const count = await (await boss()).redrive(queue, filter)
      moved += count
      if (count < REDRIVEN_AT_ONCE) return moved
    }
  }

  return {
    queues: async () => queueDepths(await boss(), jobs)(),
    async list(filter) {
      if (filter.job !== undefined) known(filter.job)
      return records.list(filter)
    },
    show: (jobId) => records.show(jobId),
    run: async (name, payload) => enqueue(known(name), payload),
    async cancel(jobId) {
      const queue = await records.queueOf(jobId)
      if (queue === undefined) return false
      await (await boss()).cancel(queue, jobId)
      return (await records.show(jobId))?.state === 'cancelled'
    },
    redrive: redriveAll,
    async schedules() {
      const found = await (await boss()).getSchedules()
      const next = async (cron: string) => (await boss()).previewSchedule(cron, { count: 1 })[0]
      return Promise.all(
        found.map(async ({ name, cron }) => ({ job: name, cron, nextAt: await next(cron) })),
      )
    },
  }
}
