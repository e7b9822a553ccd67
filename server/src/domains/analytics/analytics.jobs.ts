import { defineJob, type JobWorker } from '#platform/jobs'
import type { Logger } from '#platform/telemetry'
import type { EventPartitions } from './storage/event-partitions.ts'

/** Makes the months that events are stored in, and drops those past their retention. */
const partitionsJob = defineJob<Record<string, never>>('analytics.partitions', {
  unique: 'waiting_and_running',
  timeoutSeconds: 1800,
})

export const analyticsJobs = [partitionsJob]

/** Every night, before anything else that is done then. UTC. */
const PARTITIONS_CRON = '10 1 * * *'

/** Takes care of the months at once and every night. */
export async function registerAnalyticsJobs(
  worker: JobWorker,
  { eventPartitions, logger }: { eventPartitions: EventPartitions; logger: Logger },
): Promise<void> {
  await worker.handle(partitionsJob, async (_payload, { signal }) => {
    const { dropped, kept, keysDropped } = await eventPartitions.maintain(signal)
    logger.info({ dropped, kept, keys_dropped: keysDropped }, 'months of events are in order')
  })
  await worker.schedule(partitionsJob, PARTITIONS_CRON, {}, { atStart: true })
}
