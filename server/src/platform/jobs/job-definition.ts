/** A kind of background work: a stable name, its payload type, and how it is tried again. */
export interface JobDefinition<Payload extends object> {
  /** Stable string such as `language.detect`; also the queue's name. */
  readonly name: string
  /** Attempts after the first; then the job goes to `<name>.dead`. */
  readonly retryLimit: number
  /** First pause before a retry; doubles, with jitter, up to an hour. */
  readonly retryDelaySeconds: number
  /** An attempt running longer counts as failed. */
  readonly timeoutSeconds: number
  /** Jobs of this kind that one worker runs at once. */
  readonly concurrency: number
  /** With it, at most one job of this kind waits per key: further ones are dropped. */
  readonly exclusive?: boolean
  /** Type only: never set. */
  readonly payload?: Payload
}

/** Declares a job with the usual settings: 5 retries, 2 s first pause, 5 min, one at a time. */
export function defineJob<Payload extends object>(
  name: string,
  settings: Partial<Omit<JobDefinition<Payload>, 'name' | 'payload'>> = {},
): JobDefinition<Payload> {
  return {
    name,
    retryLimit: 5,
    retryDelaySeconds: 2,
    timeoutSeconds: 300,
    concurrency: 1,
    ...settings,
  }
}

/** A definition with the payload type forgotten, for lists of all jobs. */
export type AnyJob = Omit<JobDefinition<object>, 'payload'>
