import type { JobWithMetadata } from 'pg-boss'
import { HEARTBEAT_EVERY_SECONDS, type JobsOptions, startBoss } from './boss.ts'
import { runAttempt } from './job-attempt.ts'
import { giveBack } from './job-claim.ts'
import type { AnyJob } from './job-definition.ts'
import { UnknownJobError, WorkerStoppingError } from './job-errors.ts'
import type { JobHandler, JobWorker } from './job-handler.ts'
import { enqueueWith } from './job-queue.ts'
import { dropForgottenSchedules, scheduler } from './job-schedules.ts'
import { queueDepths } from './queue-depths.ts'

export interface JobWorkerOptions extends JobsOptions {
  /** False leaves the times to somebody else: nothing is enqueued by itself. Default: true. */
  schedules?: boolean
  /** How long running jobs may go on when the worker stops. Default: 6 s. */
  finishWithinMs?: number
}

export interface RunningJobWorker extends JobWorker {
  /**
   * Takes nothing more, lets running jobs end, then aborts them and returns them to the queue.
   * Resolves to how many handlers did not even heed that; their jobs are returned all the same.
   */
  stop(): Promise<number>
}

/** Together they stay below the ten seconds after which a supervisor kills. */
const FINISH_WITHIN_MS = 6_000
const HEED_ABORT_WITHIN_MS = 1_500
const POLL_SECONDS = 1

const elapsed = (ms: number) =>
  new Promise<void>((resolve) => {
    setTimeout(resolve, ms).unref()
  })

const workOptions = {
  includeMetadata: true,
  perJobResults: true,
  batchSize: 1,
  pollingIntervalSeconds: POLL_SECONDS,
  // While notifications arrive pg-boss polls every 30 s, which is when it would see a retry.
  notifyPollingIntervalSeconds: POLL_SECONDS,
  heartbeatRefreshSeconds: HEARTBEAT_EVERY_SECONDS,
} as const

/**
 * Background jobs on PostgreSQL (pg-boss), run at least once, so handlers are idempotent.
 * A worker also minds schedules and upkeep.
 */
export async function startJobWorker(options: JobWorkerOptions): Promise<RunningJobWorker> {
  const { metrics, logger, jobs, schedules = true, finishWithinMs = FINISH_WITHIN_MS } = options
  const boss = await startBoss(options, 'worker', { schedules })
  const names = jobs.map(({ name }) => name)
  if (schedules) await dropForgottenSchedules(boss, names)
  metrics.jobQueues.readFrom(queueDepths(boss, jobs))
  const enqueue = enqueueWith(async () => boss)
  const stopping = new AbortController()
  const running = new Map<JobWithMetadata<object>, Promise<unknown>>()
  const tools = { boss, logger, metrics, stopping: stopping.signal }

  /** One place in which one job runs at a time. */
  async function openSlot<P extends object>(job: AnyJob, handler: JobHandler<P>) {
    const slot = await boss.work<P, void, typeof workOptions>(
      job.name,
      workOptions,
      async ([taken]) => {
        if (taken === undefined) return []
        const attempt = runAttempt(tools, { job, taken, handler })
        running.set(taken, attempt)
        try {
          const { status, output } = await attempt
          return [{ id: taken.id, status, output }]
        } finally {
          running.delete(taken)
          // Where there was one there may be more: without this pg-boss would wait for its next poll.
          boss.notifyWorker(slot)
        }
      },
    )
  }

  async function takeNoMore(): Promise<void> {
    await Promise.all(names.map((name) => boss.offWork(name, { wait: false })))
  }

  const settledWithin = (ms: number) =>
    Promise.race([Promise.allSettled(running.values()), elapsed(ms)])

  return {
    enqueue,
    schedule: scheduler({ boss, enqueue, enabled: schedules }),
    async handle(job, handler) {
      if (!names.includes(job.name)) throw new UnknownJobError(job.name, names)
      for (let slot = 0; slot < job.concurrency; slot += 1) await openSlot(job, handler)
    },
    async stop() {
      await takeNoMore()
      await settledWithin(finishWithinMs)
      stopping.abort(new WorkerStoppingError())
      await settledWithin(HEED_ABORT_WITHIN_MS)
      const unheeding = [...running.keys()]
      for (const taken of unheeding) await giveBack(boss, taken)
      await boss.stop({ graceful: false })
      return unheeding.length
    },
  }
}
