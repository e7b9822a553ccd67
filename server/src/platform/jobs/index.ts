/** Background jobs: declared once, enqueued by anyone, run by workers. */
export { type AnyJob, defineJob, type JobDefinition } from './job-definition.ts'
export {
  type EnqueueOptions,
  type JobContext,
  type JobHandler,
  type JobQueue,
  type JobsOptions,
  type JobWorker,
  jobSender,
  startJobWorker,
} from './jobs.ts'
