import type { Kysely } from 'kysely'
import type { JobDefinition } from './job-definition.ts'
import type { ReportProgress } from './job-progress.ts'
import type { JobQueue } from './job-queue.ts'

export interface JobContext {
  readonly jobId: string
  /** Counted from 1. */
  readonly attempt: number
  /**
   * Aborted when the job is cancelled or taken by another worker, when the attempt's time is over,
   * and when the worker has to stop. A handler heeds it within a second or so.
   */
  readonly signal: AbortSignal
  /** Says how far the job is; may be called for each item. */
  readonly progress: ReportProgress
  /**
   * Marks the job as done inside the handler's own transaction, so that effect and job end together
   * or not at all, whatever is killed when. Call it last, once.
   * @throws JobRevokedError when the job is not this attempt's any more: let it roll back.
   */
  // biome-ignore lint/suspicious/noExplicitAny: a transaction over whichever tables the caller owns
  readonly completeWithin: (transaction: Kysely<any>) => Promise<void>
}

/** Runs a job. It may be run again after any failure, so its effects must bear repetition. */
export type JobHandler<Payload> = (payload: Payload, context: JobContext) => Promise<void>

export interface ScheduleOptions {
  /** Also enqueues it when a worker starts, which a unique job bears. */
  atStart?: boolean
}

export interface JobWorker extends JobQueue {
  /** @throws UnknownJobError for a job that is missing in the list of all jobs. */
  handle<P extends object>(job: JobDefinition<P>, handler: JobHandler<P>): Promise<void>
  /**
   * Enqueues the job on a cron expression (UTC), once however many workers run. What came due while
   * none ran is made up for by one job.
   */
  schedule<P extends object>(
    job: JobDefinition<P>,
    cron: string,
    payload: P,
    options?: ScheduleOptions,
  ): Promise<void>
}
