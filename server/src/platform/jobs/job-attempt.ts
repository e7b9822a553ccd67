import type { JobWithMetadata, PgBoss } from 'pg-boss'
import { inSpan, type Logger, type Metrics } from '#platform/telemetry'
import { completion, giveBack, progressWriter } from './job-claim.ts'
import type { AnyJob } from './job-definition.ts'
import type { JobContext, JobHandler } from './job-handler.ts'
import { checkPayload } from './job-payload.ts'
import { progressReports } from './job-progress.ts'
import { type AttemptOutcome, failed, type Settlement, settled } from './job-settlement.ts'

export interface AttemptTools {
  boss: PgBoss
  logger: Logger
  metrics: Metrics
  /** Aborted when the worker stops and has waited long enough. */
  stopping: AbortSignal
}

/** A job that this worker has taken. */
export interface TakenJob<P extends object> {
  job: AnyJob
  taken: JobWithMetadata<P>
  handler: JobHandler<P>
}

const LOG: Readonly<Record<AttemptOutcome, readonly ['error' | 'warn' | 'info', string] | null>> = {
  ok: null,
  failed: ['warn', 'job failed and will be tried again'],
  dead: ['error', 'job failed for good'],
  returned: ['info', 'job returned to the queue, since the worker stops'],
  revoked: ['info', 'job was cancelled, or another worker has it'],
}

/** Runs one attempt. @throws only when a job cannot be given back. */
export async function runAttempt<P extends object>(
  { boss, logger, metrics, stopping }: AttemptTools,
  { job, taken, handler }: TakenJob<P>,
): Promise<Settlement> {
  const stopTimer = metrics.jobDuration.startTimer({ job: job.name })
  const reports = progressReports(progressWriter(boss, taken))
  const context: JobContext = {
    jobId: taken.id,
    attempt: taken.retryCount + 1,
    signal: AbortSignal.any([taken.signal, stopping]),
    progress: reports.report,
    completeWithin: completion(boss, taken, reports.latest),
  }

  async function attempt(): Promise<Settlement> {
    try {
      stopping.throwIfAborted()
      checkPayload(job, taken.data)
      await inSpan(`job ${job.name}`, { 'job.id': taken.id }, () => handler(taken.data, context))
      return settled(reports.latest())
    } catch (error) {
      const settlement = failed(error, job, taken, reports.latest())
      if (!stopping.aborted || settlement.outcome === 'revoked') return settlement
      await giveBack(boss, taken)
      return { ...settlement, outcome: 'returned' }
    } finally {
      reports.stop()
    }
  }

  const settlement = await attempt()
  stopTimer({ outcome: settlement.outcome })
  const [level, message] = LOG[settlement.outcome] ?? []
  if (level !== undefined) {
    const { error } = settlement.output ?? {}
    logger[level]({ error, job: job.name, job_id: taken.id, attempt: context.attempt }, message)
  }
  return settlement
}
