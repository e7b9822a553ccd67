/** Background jobs: declared once, enqueued by anyone, run by workers. */

export { type AnyJob, defineJob } from './job-definition.ts'
export { InvalidPayloadError, JobBusyError, UnknownJobError } from './job-errors.ts'
export type { JobWorker } from './job-handler.ts'
export type { EnqueueOptions, JobQueue } from './job-queue.ts'
export { JOB_STATES, type JobState, type JobSummary } from './job-records.ts'
export { type JobRunner, startJobRunner } from './job-runner.ts'
export { type JobSender, jobSender } from './job-sender.ts'
export { type RunningJobWorker, startJobWorker } from './job-worker.ts'
export { gentlePace, type Pace, unhurried } from './pace.ts'
