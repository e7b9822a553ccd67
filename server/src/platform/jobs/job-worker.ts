import { setTimeout as delay } from 'node:timers/promises'
import type { JobWithMetadata } from 'pg-boss'
import { closeBoss, HEARTBEAT_EVERY_SECONDS, type JobsOptions, startBoss } from './boss.ts'
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
   * Takes nothing more, lets running jobs end, or not that once `hurry` is aborted, then aborts them
   * and returns them to the queue. A handler that does not heed even that loses its job all the same.
   */
  stop(hurry?: AbortSignal): Promise<void>
}

/** Together they stay below the ten seconds after which a supervisor kills. */
const FINISH_WITHIN_MS = 6_000
const HEED_ABORT_WITHIN_MS = 1_500
const POLL_SECONDS = 1

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
  try {
    if (schedules) await dropForgottenSchedules(boss, names)
  } catch (error) {
    await closeBoss(boss)
    throw error
  }
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

  /** Until all running jobs have ended, the time is over, or somebody is in a hurry. */
  async function settledWithin(ms: number, hurry?: AbortSignal): Promise<void> {
    const over = new AbortController()
    const waiting = delay(ms, undefined, {
      signal: AbortSignal.any([over.signal, ...(hurry ? [hurry] : [])]),
    })
    await Promise.race([Promise.allSettled(running.values()), waiting.catch(() => undefined)])
    over.abort()
  }

  return {
    enqueue,
    schedule: scheduler({ boss, enqueue, enabled: schedules }),
    async handle(job, handler) {
      if (!names.includes(job.name)) throw new UnknownJobError(job.name, names)
      for (let slot = 0; slot < job.concurrency; slot += 1) await openSlot(job, handler)
    },
    async stop(hurry) {
      await takeNoMore()
      await settledWithin(finishWithinMs, hurry)
      stopping.abort(new WorkerStoppingError())
      await settledWithin(HEED_ABORT_WITHIN_MS)
      for (const taken of running.keys()) {
        logger.warn({ job: taken.name, job_id: taken.id }, 'job does not heed the stop: returned')
        await giveBack(boss, taken).catch((error: unknown) => {
          logger.warn({ error, job_id: taken.id }, 'job is returned when its heartbeat is missed')
        })
      }
      await closeBoss(boss)
    },
  }
}
