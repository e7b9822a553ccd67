import type { JobResultStatus, JobWithMetadata } from 'pg-boss'
import type { AnyJob } from './job-definition.ts'
import { InvalidPayloadError, JobRevokedError } from './job-errors.ts'
import type { JobProgress } from './job-progress.ts'

/** `returned`: its worker stopped; `revoked`: cancelled, or another worker has it. */
export type AttemptOutcome = 'ok' | 'failed' | 'dead' | 'returned' | 'revoked'

export interface JobFailure {
  name: string
  message: string
  stack?: string
}

/** How an attempt ended, and what pg-boss is told of it. */
export interface Settlement {
  outcome: AttemptOutcome
  status: JobResultStatus
  output?: { progress?: JobProgress; error?: JobFailure }
}

function failureOf(error: unknown): JobFailure {
  if (!(error instanceof Error)) return { name: 'Error', message: String(error) }
  const { name, message, stack } = error
  return { name, message, ...(stack !== undefined && { stack }) }
}

/** A lost claim has an error as its reason; an overdue attempt what a signal has of itself. */
const claimIsLost = ({ aborted, reason }: AbortSignal) =>
  aborted && reason instanceof Error && !(reason instanceof DOMException)

export function settled(progress: JobProgress | undefined): Settlement {
  return { outcome: 'ok', status: 'completed', ...(progress && { output: { progress } }) }
}

/** What a failure means for the job: pg-boss tries it again as long as it has retries left. */
export function failed(
  error: unknown,
  job: AnyJob,
  { signal, retryCount, retryLimit }: JobWithMetadata<object>,
  progress: JobProgress | undefined,
): Settlement {
  const output = { error: failureOf(error), ...(progress && { progress }) }
  if (error instanceof JobRevokedError || claimIsLost(signal)) {
    return { outcome: 'revoked', status: 'failed', output }
  }
  if (error instanceof InvalidPayloadError && error.job === job.name) {
    return { outcome: 'dead', status: 'deadletter', output }
  }
  return { outcome: retryCount >= retryLimit ? 'dead' : 'failed', status: 'failed', output }
}
