import { Type } from 'typebox'
import type { TracksAdded } from '#domains/music'
import { defineJob, gentlePace, type JobQueue, type JobWorker } from '#platform/jobs'
import type { Logger } from '#platform/telemetry'
import type { Language } from './language.service.ts'

/** Tracks of one job; a larger import becomes several, which workers share. */
const MAX_TRACKS_PER_JOB = 500

/** Names the language of new tracks: all of a job's, together with the job's end, or none. */
const detectLanguageJob = defineJob('language.detect', {
  schema: Type.Object({
    trackIds: Type.Array(Type.String({ format: 'uuid', maxLength: 36 }), {
      minItems: 1,
      maxItems: MAX_TRACKS_PER_JOB,
    }),
  }),
  concurrency: 2,
})

/** Finds what `language.detect` missed: an older detector's results, a job that failed for good. */
const sweepLanguagesJob = defineJob<Record<string, never>>('language.sweep', {
  unique: 'waiting_and_running',
  timeoutSeconds: 3600,
})

export const languageJobs = [detectLanguageJob, sweepLanguagesJob]

/** Every night, when few listen. UTC. */
const SWEEP_CRON = '40 2 * * *'

/** Nobody waits for a sweep: it leaves half of the time to those who do. */
const SWEEP_SHARE = 0.5
const SWEEP_MAX_PAUSE_MS = 10_000

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
  await worker.handle(detectLanguageJob, async ({ trackIds }, context) => {
    const { signal, progress: onProgress, completeWithin: alongside } = context
    await language.detectTracks(trackIds, { signal, onProgress, alongside })
  })
  await worker.handle(sweepLanguagesJob, async (_payload, { signal, progress }) => {
    const pace = gentlePace({ share: SWEEP_SHARE, maxPauseMs: SWEEP_MAX_PAUSE_MS, signal })
    const { seen, detected } = await language.sweep(
      signal,
      (soFar) => progress(soFar.seen, undefined, `${soFar.detected} detected`),
      pace,
    )
    progress(seen, seen, `${detected} detected`)
    logger.info({ seen, detected }, 'languages swept')
  })
  await worker.schedule(sweepLanguagesJob, SWEEP_CRON, {}, { atStart: true })
}
