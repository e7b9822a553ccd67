import type { Kysely } from 'kysely'
import { fromKysely, type JobWithMetadata, PgBoss } from 'pg-boss'
import { inSpan, type Logger, type Metrics } from '#platform/telemetry'
import type { AnyJob, JobDefinition } from './job-definition.ts'

export interface EnqueueOptions {
  /** For an exclusive job: what at most one waiting job may stand for. Default: the job itself. */
  key?: string
  delaySeconds?: number
  /** Enqueues inside this transaction: the job exists only if it commits. */
  // biome-ignore lint/suspicious/noExplicitAny: a transaction over whichever tables the caller owns
  within?: Kysely<any>
}

export interface JobContext {
  jobId: string
  /** Aborted when the worker stops or the attempt's time is over. */
  signal: AbortSignal
}

export type JobHandler<Payload> = (payload: Payload, context: JobContext) => Promise<void>

export interface JobQueue {
  /** Resolves to the job's id, or null when an equal exclusive job already waits. */
  enqueue<P extends object>(
    job: JobDefinition<P>,
    payload: P,
    options?: EnqueueOptions,
  ): Promise<string | null>
}

export interface JobWorker extends JobQueue {
  handle<P extends object>(job: JobDefinition<P>, handler: JobHandler<P>): Promise<void>
  /** Enqueues the job on a cron expression (UTC), once however many workers run. */
  schedule<P extends object>(job: JobDefinition<P>, cron: string, payload: P): Promise<void>
}

export interface JobsOptions {
  databaseUrl: string
  logger: Logger
  metrics: Metrics
  jobs: readonly AnyJob[]
}

type Role = 'worker' | 'sender'

const MAX_RETRY_DELAY_SECONDS = 3600

const deadLetterOf = (job: { name: string }) => `${job.name}.dead`

function openBoss({ databaseUrl, logger }: JobsOptions, role: Role): PgBoss {
  const working = role === 'worker'
  const boss = new PgBoss({
    connectionString: databaseUrl,
    application_name: `music-language jobs ${role}`,
    max: working ? 4 : 2,
    supervise: working,
    schedule: working,
    useListenNotify: working,
  })
  boss.on('error', (error) => logger.error({ error }, 'job queue error'))
  return boss
}

/** Creates or brings up to date the queue and its dead-letter queue. */
async function declareQueue(boss: PgBoss, job: AnyJob): Promise<void> {
  await boss.createQueue(deadLetterOf(job))
  const settings = {
    retryLimit: job.retryLimit,
    retryDelay: job.retryDelaySeconds,
    retryBackoff: true,
    expireInSeconds: job.timeoutSeconds,
    notify: true,
  }
  await boss.createQueue(job.name, {
    ...settings,
    policy: job.exclusive === true ? 'short' : 'standard',
    retryDelayMax: MAX_RETRY_DELAY_SECONDS,
    deadLetter: deadLetterOf(job),
  })
  // A queue that an earlier release made keeps that release's settings otherwise.
  await boss.updateQueue(job.name, settings)
}

function enqueueWith(boss: () => Promise<PgBoss>): JobQueue['enqueue'] {
  return async (job, payload, { key, delaySeconds, within } = {}) =>
    (await boss()).send(job.name, payload, {
      ...(job.exclusive === true && { singletonKey: key ?? job.name }),
      ...(delaySeconds !== undefined && { startAfter: delaySeconds }),
      ...(within !== undefined && { db: fromKysely(within) }),
    })
}

async function start(options: JobsOptions, role: Role): Promise<PgBoss> {
  const boss = openBoss(options, role)
  await boss.start()
  for (const job of options.jobs) await declareQueue(boss, job)
  return boss
}

/** Enqueues jobs that workers run. Connects with the first one, so that starting needs no queue. */
export function jobSender(options: JobsOptions): JobQueue & { stop(): Promise<void> } {
  let started: Promise<PgBoss> | undefined
  const boss = () => {
    started ??= start(options, 'sender').catch((error: unknown) => {
      started = undefined
      throw error
    })
    return started
  }
  return {
    enqueue: enqueueWith(boss),
    async stop() {
      await (await started)?.stop({ graceful: false })
    },
  }
}

/**
 * Background jobs on PostgreSQL (pg-boss), run at least once, so handlers are idempotent.
 * A worker also minds schedules and upkeep.
 */
export async function startJobWorker(
  options: JobsOptions,
): Promise<JobWorker & { stop(): Promise<void> }> {
  const { metrics, logger } = options
  const boss = await start(options, 'worker')
  const names = options.jobs.map(({ name }) => name)
  metrics.jobsWaiting.readFrom(async () => {
    const queues = names.length === 0 ? [] : await boss.getQueues(names)
    return queues.map(({ name, readyCount }) => ({ job: name, waiting: readyCount }))
  })

  async function attempt<P>(job: AnyJob, taken: JobWithMetadata<P>, handler: JobHandler<P>) {
    const stopTimer = metrics.jobDuration.startTimer({ job: job.name })
    try {
      await inSpan(`job ${job.name}`, { 'job.id': taken.id }, () =>
        handler(taken.data, { jobId: taken.id, signal: taken.signal }),
      )
      stopTimer({ outcome: 'ok' })
    } catch (error) {
      stopTimer({ outcome: 'failed' })
      const last = taken.retryCount >= job.retryLimit
      logger[last ? 'error' : 'warn'](
        { error, job: job.name, job_id: taken.id, attempt: taken.retryCount + 1 },
        last ? 'job failed for good' : 'job failed and will be tried again',
      )
      throw error
    }
  }

  return {
    enqueue: enqueueWith(async () => boss),
    async handle<P extends object>(job: JobDefinition<P>, handler: JobHandler<P>) {
      const workOptions = {
        includeMetadata: true,
        batchSize: 1,
        localConcurrency: job.concurrency,
        pollingIntervalSeconds: 1,
        // While notifications arrive pg-boss polls every 30 s, which is when it would see a retry.
        notifyPollingIntervalSeconds: 1,
        burstWhenBatchFull: true,
      } as const
      await boss.work<P, void, typeof workOptions>(job.name, workOptions, async ([taken]) => {
        if (taken !== undefined) await attempt(job, taken, handler)
      })
    },
    async schedule(job, cron, payload) {
      await boss.schedule(job.name, cron, payload)
    },
    stop: () => boss.stop({ graceful: true, timeout: 10_000 }),
  }
}
