import { defineJob, type JobWorker } from '#platform/jobs'
import type { Training } from './training.service.ts'

/** Trains on everything there is; enqueue it after an import. Does nothing when nothing changed. */
export const trainJob = defineJob<Record<string, never>>('recommendations.train', {
  unique: 'waiting_and_running',
  retryLimit: 3,
  retryDelaySeconds: 30,
  timeoutSeconds: 1800,
})

export const recommendationJobs = [trainJob]

/** Every night, after languages have been swept. UTC. */
const DAILY = '17 3 * * *'
/** After an import the languages of its tracks become known while the first model is trained. */
const AGAIN_AFTER_SECONDS = 60

/** Takes training jobs, and trains at once and every night. */
export async function registerRecommendationJobs(
  worker: JobWorker,
  { training }: { training: Training },
): Promise<void> {
  await worker.handle(trainJob, async (_, { signal, progress }) => {
    const outcome = await training.train(signal, progress)
    if (outcome.trained && outcome.tracksWithPendingLanguage > 0) {
      await worker.enqueue(trainJob, {}, { delaySeconds: AGAIN_AFTER_SECONDS })
    }
  })
  await worker.schedule(trainJob, DAILY, {}, { atStart: true })
}
