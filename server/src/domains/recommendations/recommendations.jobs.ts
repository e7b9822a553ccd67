import { defineJob, type JobWorker } from '#platform/jobs'
import type { Training } from './training.service.ts'

/** Trains on everything there is; enqueue it after an import. Does nothing when nothing changed. */
export const trainJob = defineJob<Record<string, never>>('recommendations.train', {
  exclusive: true,
  retryLimit: 3,
  retryDelaySeconds: 30,
  timeoutSeconds: 1800,
})

/** At night in most places where the servers' users sleep, and off the full hour. */
const DAILY = '17 3 * * *'

export async function registerRecommendationJobs(
  worker: JobWorker,
  { training }: { training: Training },
): Promise<void> {
  await worker.handle(trainJob, async (_, { signal }) => void (await training.train(signal)))
  await worker.schedule(trainJob, DAILY, {})
}
