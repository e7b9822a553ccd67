import type { TracksAdded } from '#domains/music'
import { defineJob, type JobQueue, type JobWorker } from '#platform/jobs'
import type { Logger } from '#platform/telemetry'
import type { Language } from './language.service.ts'

/** Tracks of one job; a larger import becomes several, which workers share. */
const MAX_TRACKS_PER_JOB = 500

/** Names the language of new tracks. */
const detectLanguageJob = defineJob<{ trackIds: string[] }>('language.detect')

/** Finds what `language.detect` missed: an older detector's results, a job that failed for good. */
const sweepLanguagesJob = defineJob<Record<string, never>>('language.sweep', {
  unique: 'waiting_and_running',
  timeoutSeconds: 3600,
})

export const languageJobs = [detectLanguageJob, sweepLanguagesJob]

/** Every night, when few listen. UTC. */
const SWEEP_CRON = '40 2 * * *'

/** Has new tracks detected soon: jobs that exist only if the tracks' transaction commits. */
export function detectionOfNewTracks(queue: JobQueue): TracksAdded {
  return async (trackIds, within) => {
    for (let from = 0; from < trackIds.length; from += MAX_TRACKS_PER_JOB) {
      const payload = { trackIds: trackIds.slice(from, from + MAX_TRACKS_PER_JOB) }
      await queue.enqueue(detectLanguageJob, payload, { within })
    }
  }
}

/** Takes detection jobs, and sweeps the catalogue at once and every night. */
export async function registerLanguageJobs(
  worker: JobWorker,
  { language, logger }: { language: Language; logger: Logger },
): Promise<void> {
  await worker.handle(detectLanguageJob, async ({ trackIds }, { signal }) => {
    await language.detectTracks(trackIds, signal)
  })
  await worker.handle(sweepLanguagesJob, async (_payload, { signal }) => {
    const { seen, detected } = await language.sweep(signal, (progress) =>
      logger.debug(progress, 'languages are being swept'),
    )
    logger.info({ seen, detected }, 'languages swept')
  })
  await worker.schedule(sweepLanguagesJob, SWEEP_CRON, {})
  await worker.enqueue(sweepLanguagesJob, {})
}
