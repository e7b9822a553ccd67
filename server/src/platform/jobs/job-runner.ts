import { closeBoss, type JobsOptions, startBoss } from './boss.ts'
import { runAttempt } from './job-attempt.ts'
import type { AnyJob } from './job-definition.ts'
import { UnknownJobError, WorkerStoppingError } from './job-errors.ts'
import type { JobHandler, JobWorker } from './job-handler.ts'
import { checkPayload } from './job-payload.ts'
import { enqueueWith } from './job-queue.ts'
import type { AttemptOutcome } from './job-settlement.ts'
import { takeAlone } from './taken-alone.ts'

/** Handlers are registered as with a worker, but it takes nothing by itself and schedules nothing. */
export interface JobRunner extends JobWorker {
  /**
   * Runs one attempt at one job in this process. When the signal is aborted, or the attempt fails
   * with retries left, the job waits for whoever comes next, a worker or another run.
   * @throws UnknownJobError, InvalidPayloadError, JobBusyError
   */
  run(jobName: string, payload: object, signal: AbortSignal): Promise<AttemptOutcome>
  stop(): Promise<void>
}

/** For jobs that are started from outside, such as by a Kubernetes CronJob. */
export async function startJobRunner(options: JobsOptions): Promise<JobRunner> {
  const { logger, metrics } = options
  const boss = await startBoss(options, 'sender')
  const registered = new Map<string, { job: AnyJob; handler: JobHandler<object> }>()

  return {
    enqueue: enqueueWith(async () => boss),
    async schedule() {},
    async handle(job, handler) {
      // Sound because `run` checks the payload against the job's own schema.
      registered.set(job.name, { job, handler: handler as JobHandler<object> })
    },
    async run(jobName, payload, signal) {
      const found = registered.get(jobName)
      if (found === undefined) throw new UnknownJobError(jobName, [...registered.keys()])
      const { job, handler } = found
      checkPayload(job, payload)
      const { taken, release } = await takeAlone(boss, job, payload)
      const stopping = new AbortController()
      const stop = () => stopping.abort(new WorkerStoppingError())
      signal.addEventListener('abort', stop, { once: true })
      if (signal.aborted) stop()
      try {
        const tools = { boss, logger, metrics, stopping: stopping.signal }
        const { outcome, output } = await runAttempt(tools, { job, taken, handler })
        if (outcome === 'ok') await boss.complete(jobName, taken, output)
        else await boss.fail(jobName, taken, output)
        return outcome
      } finally {
        signal.removeEventListener('abort', stop)
        release()
      }
    },
    stop: () => closeBoss(boss),
  }
}
