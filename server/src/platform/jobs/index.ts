/** Background jobs: declared once, enqueued by anyone, run by workers. */
export { defineJob } from './job-definition.ts'
export {
  type EnqueueOptions,
  type JobQueue,
  type JobWorker,
  jobSender,
  startJobWorker,
} from './jobs.ts'
