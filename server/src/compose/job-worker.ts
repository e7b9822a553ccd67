import { registerAnalyticsJobs, registerLakeJobs } from '#domains/analytics'
import { registerLanguageJobs } from '#domains/language'
import { registerMusicJobs } from '#domains/music'
import { registerPrecomputeJob, registerRecommendationJobs } from '#domains/recommendations'
import {
  type JobRunner,
  type JobWorker,
  type RunningJobWorker,
  startJobRunner,
  startJobWorker,
} from '#platform/jobs'
import type { Domains } from './domain-parts.ts'
import { patientStart } from './patient-start.ts'
import type { Platform } from './platform-parts.ts'

/** Every kind of job there is. Another is added here, and its definition to `jobsOptions`. */
async function registerJobs(
  worker: JobWorker,
  { config, logger }: Platform,
  domains: Domains,
): Promise<void> {
  await registerMusicJobs(worker, { ...domains, logger })
  await registerLanguageJobs(worker, { ...domains, logger })
  await registerRecommendationJobs(worker, domains)
  const everyHours = config.worker.precomputeEveryHours
  await registerPrecomputeJob(worker, { ...domains, everyHours, logger })
  await registerAnalyticsJobs(worker, { ...domains, logger })
  await registerLakeJobs(worker, { ...domains, logger })
}

/** Takes jobs of every kind, and passes events on, until stopped. Waits for PostgreSQL to start. */
export function jobWorker(
  platform: Platform,
  domains: Domains,
  signal?: AbortSignal,
): Promise<RunningJobWorker> {
  const start = async (): Promise<RunningJobWorker> => {
    const worker = await startJobWorker({
      ...platform.jobsOptions,
      schedules: platform.config.worker.schedules,
    })
    try {
      await registerJobs(worker, platform, domains)
      const events = await domains.events.startWorker()
      return {
        ...worker,
        async stop(hurry) {
          await Promise.all([worker.stop(hurry), events.stop()])
        },
      }
    } catch (error) {
      await worker.stop(AbortSignal.abort())
      throw error
    }
  }
  return patientStart(platform, start, signal)
}

/** Runs single jobs by name. Waits for PostgreSQL to start. */
export function jobRunner(
  platform: Platform,
  domains: Domains,
  signal?: AbortSignal,
): Promise<JobRunner> {
  const start = async (): Promise<JobRunner> => {
    const runner = await startJobRunner(platform.jobsOptions)
    try {
      await registerJobs(runner, platform, domains)
      return runner
    } catch (error) {
      await runner.stop()
      throw error
    }
  }
  return patientStart(platform, start, signal)
}
