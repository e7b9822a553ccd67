import type { Static, TObject } from 'typebox'

/**
 * Of what there is at most one for each key in the whole fleet. A job asked for while it would be
 * one too many to wait is dropped; one too many to run waits.
 * - `waiting`: one waits, any number run
 * - `running`: one runs, any number wait
 * - `waiting_and_running`: one runs and one waits, so that what changed meanwhile is seen
 * - `unfinished`: one in all
 */
export type Uniqueness = 'waiting' | 'running' | 'waiting_and_running' | 'unfinished'

/** A kind of background work: a stable name, its payload, and how it is tried again. */
export interface JobDefinition<Payload extends object> {
  /** Stable string such as `language.detect`; also the queue's name. */
  readonly name: string
  /** What the payload must look like. Another is refused, or dead at once when it is met later. */
  readonly schema?: TObject
  /** Attempts after the first; then the job goes to `<name>.dead`. */
  readonly retryLimit: number
  /** The first retry waits this long to twice as long, by chance; the bounds double each time. */
  readonly retryDelaySeconds: number
  /** An attempt running longer counts as failed. */
  readonly timeoutSeconds: number
  /** Jobs of this kind that one worker runs at once. */
  readonly concurrency: number
  readonly unique?: Uniqueness
  /** Type only: never set. */
  readonly payload?: Payload
}

type Settings = Partial<Omit<JobDefinition<object>, 'name' | 'schema' | 'payload'>>

/** No retry waits longer. A longer pause is refused, not cut: chance has no say in what is cut. */
const MAX_RETRY_DELAY_SECONDS = 3600

/**
 * Declares a job with the usual settings: 5 retries, 2 s first pause, 5 min, one at a time.
 * @throws RangeError when its last retry would wait for more than an hour.
 */
export function defineJob<Schema extends TObject>(
  name: string,
  settings: Settings & { schema: Schema },
): JobDefinition<Static<Schema>>
export function defineJob<Payload extends object>(
  name: string,
  settings?: Settings,
): JobDefinition<Payload>
export function defineJob(name: string, settings: Settings & { schema?: TObject } = {}) {
  const job = {
    name,
    retryLimit: 5,
    retryDelaySeconds: 2,
    timeoutSeconds: 300,
    concurrency: 1,
    ...settings,
  }
  if (job.retryDelaySeconds * 2 ** job.retryLimit > MAX_RETRY_DELAY_SECONDS) {
    throw new RangeError(`${name}: the last retry would wait for more than an hour`)
  }
  return job
}

/** A definition with the payload type forgotten, for lists of all jobs. */
export type AnyJob = Omit<JobDefinition<object>, 'payload'>
