/** Nobody has declared a job of this name. */
export class UnknownJobError extends Error {
  constructor(name: string, known: readonly string[]) {
    super(`There is no job called "${name}". There are: ${known.join(', ')}`)
    this.name = 'UnknownJobError'
  }
}

/** The payload is not what the job's schema asks for; no retry can change that. */
export class InvalidPayloadError extends Error {
  readonly job: string

  constructor(job: string, faults: readonly string[]) {
    super(`The payload of ${job} is not valid: ${faults.join('; ')}`)
    this.name = 'InvalidPayloadError'
    this.job = job
  }
}

/** The job was cancelled, or its heartbeat failed and another worker has it. */
export class JobRevokedError extends Error {
  constructor(jobId: string) {
    super(`job ${jobId} is no longer this worker's`)
    this.name = 'JobRevokedError'
  }
}

/** The worker stops; the job goes back to the queue. */
export class WorkerStoppingError extends Error {
  constructor() {
    super('the worker stops')
    this.name = 'WorkerStoppingError'
  }
}

/** An equal job runs elsewhere, and two at once are not allowed. */
export class JobBusyError extends Error {
  constructor(job: string) {
    super(`${job} is running elsewhere, and only one may run at a time`)
    this.name = 'JobBusyError'
  }
}
