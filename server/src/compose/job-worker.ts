import { registerLanguageJobs } from '#domains/language'
import { registerMusicJobs } from '#domains/music'
import { registerRecommendationJobs } from '#domains/recommendations'
import { type JobWorker, startJobWorker } from '#platform/jobs'
import type { Domains } from './domain-parts.ts'
import type { Platform } from './platform-parts.ts'

/** Takes jobs of every kind until stopped. */
export async function jobWorker(
  { jobsOptions, logger }: Platform,
  domains: Domains,
): Promise<JobWorker & { stop(): Promise<void> }> {
  const worker = await startJobWorker(jobsOptions)
  await registerMusicJobs(worker, { ...domains, logger })
  await registerLanguageJobs(worker, { ...domains, logger })
  await registerRecommendationJobs(worker, domains)
  return worker
}
