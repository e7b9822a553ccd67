import type { EnvReader } from './env-reader.ts'

export interface WorkerConfig {
  /** False leaves the times of jobs to somebody else, such as Kubernetes CronJobs. */
  schedules: boolean
  /** Recommendations of active users are made anew this often. */
  precomputeEveryHours: number
  /** Active is who has used the service within this time. */
  activeDays: number
}

export function readWorker(env: EnvReader): WorkerConfig {
  return {
    schedules: env.choice('WORKER_SCHEDULES', 'on', ['on', 'off']) === 'on',
    precomputeEveryHours: env.integer('RECO_PRECOMPUTE_EVERY_HOURS', 2, { min: 1, max: 12 }),
    activeDays: env.integer('RECO_ACTIVE_DAYS', 14, { min: 1, max: 365 }),
  }
}
