import { defineJob, type JobWorker } from '#platform/jobs'
import type { Logger } from '#platform/telemetry'
import type { MusicExpiry } from './music.expiry.ts'

/** Deletes what providers let us keep for a time only, and link attempts that nobody finished. */
const expireJob = defineJob<Record<string, never>>('music.expire', {
  unique: 'waiting_and_running',
  timeoutSeconds: 1800,
})

export const musicJobs = [expireJob]

/** Every night, after models have been trained. UTC. */
const EXPIRE_CRON = '20 4 * * *'

/** Takes expiry jobs, and expires at once and every night. */
export async function registerMusicJobs(
  worker: JobWorker,
  { expiry, logger }: { expiry: MusicExpiry; logger: Logger },
): Promise<void> {
  await worker.handle(expireJob, async (_payload, { signal, progress }) => {
    const { trackFacts, artistFacts, linkAttempts } = await expiry.expire(signal, progress)
    logger.info(
      { track_facts: trackFacts, artist_facts: artistFacts, link_attempts: linkAttempts },
      'what may not be kept longer is deleted',
    )
  })
  await worker.schedule(expireJob, EXPIRE_CRON, {}, { atStart: true })
}
