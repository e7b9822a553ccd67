import type { Kysely } from 'kysely'
import { fromKysely, type PgBoss, type SendOptions } from 'pg-boss'
import type { AnyJob, JobDefinition } from './job-definition.ts'
import { checkPayload } from './job-payload.ts'

export interface EnqueueOptions {
  /** For a unique job: what there is at most one job for. Default: the job itself. */
  key?: string
  delaySeconds?: number
  /** Enqueues inside this transaction: the job exists only if it commits. */
  // biome-ignore lint/suspicious/noExplicitAny: a transaction over whichever tables the caller owns
  within?: Kysely<any>
}

export interface JobQueue {
  /**
   * Resolves to the job's id, or null when an equal unique job stands for it.
   * @throws InvalidPayloadError
   */
  enqueue<P extends object>(
    job: JobDefinition<P>,
    payload: P,
    options?: EnqueueOptions,
  ): Promise<string | null>
}

export const uniqueKeyOf = (job: AnyJob, key?: string): Pick<SendOptions, 'singletonKey'> =>
  job.unique === undefined ? {} : { singletonKey: key ?? job.name }

export function enqueueWith(boss: () => Promise<PgBoss>): JobQueue['enqueue'] {
  return async (job, payload, { key, delaySeconds, within } = {}) => {
    checkPayload(job, payload)
    return (await boss()).send(job.name, payload, {
      ...uniqueKeyOf(job, key),
      ...(delaySeconds !== undefined && { startAfter: delaySeconds }),
      ...(within !== undefined && { db: fromKysely(within) }),
    })
  }
}
