import type { PgBoss } from 'pg-boss'
import type { JobWorker } from './job-handler.ts'
import { type JobQueue, uniqueKeyOf } from './job-queue.ts'

interface Dependencies {
  boss: PgBoss
  enqueue: JobQueue['enqueue']
  enabled: boolean
}

/** Keeps schedules in PostgreSQL, where each occurrence is enqueued once for all workers. */
export function scheduler({ boss, enqueue, enabled }: Dependencies): JobWorker['schedule'] {
  return async (job, cron, payload, { atStart = false } = {}) => {
    if (!enabled) return
    await boss.schedule(job.name, cron, payload, {
      tz: 'UTC',
      missed: 'once',
      ...uniqueKeyOf(job),
    })
    if (atStart) await enqueue(job, payload)
  }
}

/** Schedules of jobs that no release has any more would fill queues that nobody empties. */
export async function dropForgottenSchedules(
  boss: PgBoss,
  names: readonly string[],
): Promise<void> {
  for (const { name, key } of await boss.getSchedules()) {
    if (!names.includes(name)) await boss.unschedule(name, key)
  }
}
