import { setTimeout as delay } from 'node:timers/promises'
import { PgBoss } from 'pg-boss'
import type { Logger, Metrics } from '#platform/telemetry'
import type { AnyJob, Uniqueness } from './job-definition.ts'
import { queueErrorLog } from './queue-error-log.ts'

export interface JobsOptions {
  /** Of the server itself, not of a pooler: workers listen on it. */
  databaseUrl: string
  logger: Logger
  metrics: Metrics
  /** Every job there is; each gets its queue. */
  jobs: readonly AnyJob[]
}

export type BossRole = 'worker' | 'sender'

/** A running job says this often that it is alive, and learns as often whether it is cancelled. */
export const HEARTBEAT_EVERY_SECONDS = 1
/** The least that pg-boss allows: a job silent for longer is taken to be its dead worker's. */
const HEARTBEAT_LOST_SECONDS = 10
/** How often lost heartbeats and overdue attempts are looked for. */
const SUPERVISE_EVERY_SECONDS = 3
/**
 * Longer than this no answer is waited for: the claim that it may have been about is lost by then,
 * and from a server that is frozen, or cut off without a word, none would ever come.
 */
const ANSWER_WITHIN_MS = 15_000
/** Somebody waits for the process to end; what is left open ends with it. */
const CLOSE_WITHIN_MS = 1_000
const DAY_SECONDS = 86_400
const DEAD_KEPT_SECONDS = 30 * DAY_SECONDS

/** pg-boss' names: what each makes unique is in its partial indexes on `pgboss.job`. */
const POLICIES: Readonly<Record<Uniqueness, string>> = {
  waiting: 'short',
  running: 'singleton',
  waiting_and_running: 'stately',
  unfinished: 'exclusive',
}

export const deadLetterOf = (jobName: string) => `${jobName}.dead`

function openBoss({ databaseUrl, logger }: JobsOptions, role: BossRole, schedules: boolean) {
  const working = role === 'worker'
  const settings = {
    connectionString: databaseUrl,
    // Unknown to pg-boss' types: it hands all of this on to pg, for its pool and its listener.
    query_timeout: ANSWER_WITHIN_MS,
    keepAlive: true,
    application_name: `music-language jobs ${role}`,
    max: working ? 4 : 2,
    supervise: working,
    superviseIntervalSeconds: SUPERVISE_EVERY_SECONDS,
    monitorIntervalSeconds: SUPERVISE_EVERY_SECONDS,
    schedule: working && schedules,
    useListenNotify: working,
    registerInstance: working,
  }
  const boss = new PgBoss(settings)
  boss.on('error', queueErrorLog(logger))
  return boss
}

/** pg-boss has no way to change it. Jobs that wait already keep the policy they came with. */
async function changePolicy(boss: PgBoss, name: string, policy: string): Promise<void> {
  await boss
    .getDb()
    .executeSql('update pgboss.queue set policy = $2 where name = $1 and policy <> $2', [
      name,
      policy,
    ])
}

/** Creates or brings up to date the queue and its dead-letter queue. */
async function declareQueue(boss: PgBoss, job: AnyJob): Promise<void> {
  const deadLetter = deadLetterOf(job.name)
  await boss.createQueue(deadLetter, { retentionSeconds: DEAD_KEPT_SECONDS })
  const policy = job.unique === undefined ? 'standard' : POLICIES[job.unique]
  const settings = {
    retryLimit: job.retryLimit,
    retryDelay: job.retryDelaySeconds,
    retryBackoff: true,
    expireInSeconds: job.timeoutSeconds,
    heartbeatSeconds: HEARTBEAT_LOST_SECONDS,
    deadLetter,
    notify: true,
  }
  await boss.createQueue(job.name, { ...settings, policy })
  // A queue that an earlier release made keeps that release's settings otherwise.
  await changePolicy(boss, job.name, policy)
  await boss.updateQueue(job.name, settings)
}

/**
 * Connects, and sees to it that every job has its queue.
 * @throws when it cannot; then nothing is left open.
 */
export async function startBoss(
  options: JobsOptions,
  role: BossRole,
  { schedules = true } = {},
): Promise<PgBoss> {
  const boss = openBoss(options, role, schedules)
  try {
    await boss.start()
    for (const job of options.jobs) await declareQueue(boss, job)
  } catch (error) {
    await closeBoss(boss)
    throw error
  }
  return boss
}

/** Closes what there is to close, as far as a server that may be gone lets it. @throws never. */
export async function closeBoss(boss: PgBoss): Promise<void> {
  const closed = new AbortController()
  const late = delay(CLOSE_WITHIN_MS, undefined, { signal: closed.signal }).catch(() => undefined)
  const stop = boss.stop({ graceful: false }).catch(() => undefined)
  await Promise.race([stop, late])
  closed.abort()
}
