import { defineJob, type JobWorker } from '#platform/jobs'
import type { Logger } from '#platform/telemetry'
import type { LakeUpkeep } from './lake-upkeep.ts'

/** Joins small files, drops what is past its time, and deletes what is replaced. */
const lakeJob = defineJob<Record<string, never>>('analytics.lake', {
  unique: 'waiting_and_running',
  timeoutSeconds: 3600,
})

export const lakeJobs = [lakeJob]

/** Every hour: a day's files are then at most some hundred. UTC. */
const LAKE_CRON = '40 * * * *'

export async function registerLakeJobs(
  worker: JobWorker,
  { lakeUpkeep, logger }: { lakeUpkeep: LakeUpkeep; logger: Logger },
): Promise<void> {
  await worker.handle(lakeJob, async (_payload, { signal }) => {
    const expired = await lakeUpkeep.expire()
    const { joined, into } = await lakeUpkeep.compact(signal)
    const swept = await lakeUpkeep.sweep()
    const strays = await lakeUpkeep.removeStrays(signal)
    logger.info({ expired, joined, into, swept, strays }, 'the lake is in order')
  })
  await worker.schedule(lakeJob, LAKE_CRON, {})
}
