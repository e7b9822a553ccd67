import type { PgBoss } from 'pg-boss'
import { closeBoss, type JobsOptions, startBoss } from './boss.ts'
import { type JobAdmin, jobAdmin } from './job-admin.ts'
import { enqueueWith, type JobQueue } from './job-queue.ts'

export interface JobSender extends JobQueue {
  readonly admin: JobAdmin
  stop(): Promise<void>
}

/** Enqueues jobs that workers run. Connects when it is first used, so that starting needs no queue. */
export function jobSender(options: JobsOptions): JobSender {
  let started: Promise<PgBoss> | undefined
  const boss = () => {
    started ??= startBoss(options, 'sender').catch((error: unknown) => {
      started = undefined
      throw error
    })
    return started
  }
  const enqueue = enqueueWith(boss)
  return {
    enqueue,
    admin: jobAdmin({ boss, enqueue, jobs: options.jobs }),
    async stop() {
      const boss = await started?.catch(() => undefined)
      if (boss !== undefined) await closeBoss(boss)
    },
  }
}
