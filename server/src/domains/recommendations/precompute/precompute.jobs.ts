import { defineJob, gentlePace, type JobWorker } from '#platform/jobs'
import type { Logger } from '#platform/telemetry'
import type { Precompute } from './precompute.service.ts'

/** Makes recommendations of active users before they ask. */
export const precomputeJob = defineJob<Record<string, never>>('recommendations.precompute', {
  unique: 'waiting_and_running',
  retryLimit: 5,
  retryDelaySeconds: 60,
  timeoutSeconds: 3600,
})

/** Half of the time, and at most half a minute between two users, is left to those who ask. */
const SHARE = 0.5
const MAX_PAUSE_MS = 30_000
/** Not at the full hour, when everybody's clocks strike. UTC. */
const cronEvery = (hours: number) => `7 */${hours} * * *`

export async function registerPrecomputeJob(
  worker: JobWorker,
  {
    precompute,
    everyHours,
    logger,
  }: { precompute: Precompute; everyHours: number; logger: Logger },
): Promise<void> {
  await worker.handle(precomputeJob, async (_, { signal, progress }) => {
    const pace = gentlePace({ share: SHARE, maxPauseMs: MAX_PAUSE_MS, signal })
    const outcome = await precompute.run({ signal, pace, onProgress: progress })
    logger.info({ outcome }, 'recommendations made in advance')
    if (!outcome.finished) await worker.enqueue(precomputeJob, {})
  })
  await worker.schedule(precomputeJob, cronEvery(everyHours), {})
}
