import { createInterface } from 'node:readline'
import { pipeline } from 'node:stream'
import { createZstdDecompress } from 'node:zlib'
import type { Client } from 'pg'
import { type JobInsert, PgBoss } from 'pg-boss'
import type { BackupPlace } from './backup-place.ts'
import type { BackupManifest, JobQueueCopy } from './manifest.ts'
import { copyOut } from './table-copies.ts'

/*
 * Of the job queue the work is kept that was not done: what waited, and what ran at that moment, for
 * nobody knows how far it came and jobs may run twice. What was done is history, and schedules are
 * declared anew by every worker. Jobs go in and out by the queue's own interface, not by its tables,
 * so that they come back into whichever version of it the restoring release has.
 */

type Jobs = NonNullable<BackupManifest['jobs']>
type WaitingJob = JobInsert & { id: string; name: string }

const UNDONE = `state in ('created', 'retry', 'active')`
const FILE = 'jobs.jsonl.zst'
const BATCH_JOBS = 500

/** A line is JSON, in which no control character occurs: with these two, COPY adds nothing to it. */
const AS_LINES = `(format csv, quote e'\\x01', delimiter e'\\x02')`

export async function copyWaitingJobs(
  client: Client,
  place: BackupPlace,
): Promise<Jobs | undefined> {
  const { rows } = await client.query<{ found: boolean }>(
    `select to_regclass('pgboss.job') is not null as found`,
  )
  if (rows[0]?.found !== true) return undefined
  const queues = await client.query<JobQueueCopy>(
    `select name, policy, retry_limit as "retryLimit", retry_delay as "retryDelay",
       retry_backoff as "retryBackoff", expire_seconds as "expireInSeconds",
       retention_seconds as "retentionSeconds", deletion_seconds as "deleteAfterSeconds",
       dead_letter as "deadLetter"
     from pgboss.queue where name not like '\\_\\_pgboss\\_\\_%' order by name`,
  )
  const { rows: waiting, ...written } = await copyOut(
    client,
    `copy (
       select jsonb_build_object(
         'id', id, 'name', name, 'data', data, 'priority', priority, 'startAfter', start_after,
         'singletonKey', singleton_key, 'retryLimit', retry_limit, 'retryDelay', retry_delay,
         'retryBackoff', retry_backoff, 'expireInSeconds', expire_seconds)
       from pgboss.job where ${UNDONE} and name not like '\\_\\_pgboss\\_\\_%'
       order by created_on, id
     ) to stdout with ${AS_LINES}`,
    place,
    FILE,
  )
  return { file: FILE, ...written, waiting, queues: queues.rows }
}

async function declareQueues(boss: PgBoss, queues: readonly JobQueueCopy[]): Promise<void> {
  // What others name as their dead-letter queue must be there before them.
  const order = queues.toSorted(
    (a, b) => Number(a.deadLetter !== null) - Number(b.deadLetter !== null),
  )
  for (const { name, policy, deadLetter, ...settings } of order) {
    await boss.createQueue(name, {
      ...settings,
      policy,
      ...(deadLetter !== null && { deadLetter }),
    })
  }
}

async function* waitingJobs(jobs: Jobs, place: BackupPlace): AsyncGenerator<WaitingJob> {
  // What fails is told by the lines; unlike `pipe`, it takes the file's own errors along.
  const input = pipeline(await place.open(jobs.file, jobs), createZstdDecompress(), () => {})
  for await (const line of createInterface({ input, crlfDelay: Infinity })) {
    // What is null was not set; inside the data it may mean something.
    const set = Object.entries(JSON.parse(line) as object).filter(([, value]) => value !== null)
    yield Object.fromEntries(set) as WaitingJob
  }
}

/** Puts the work that was not done back into the queue, under the same ids: twice is once. */
export async function restoreWaitingJobs(
  databaseUrl: string,
  jobs: Jobs,
  place: BackupPlace,
): Promise<void> {
  const boss = new PgBoss({
    connectionString: databaseUrl,
    application_name: 'music-language backup',
    max: 2,
    supervise: false,
    schedule: false,
  })
  let lost: unknown
  boss.on('error', (error) => {
    lost ??= error
  })
  await boss.start()
  try {
    await declareQueues(boss, jobs.queues)
    const batches = new Map<string, JobInsert[]>()
    for await (const { name, ...job } of waitingJobs(jobs, place)) {
      const batch = [...(batches.get(name) ?? []), job]
      batches.set(name, batch)
      if (batch.length < BATCH_JOBS) continue
      await boss.insert(name, batch)
      batches.delete(name)
    }
    for (const [name, batch] of batches) await boss.insert(name, batch)
    if (lost instanceof Error) throw lost
  } finally {
    await boss.stop({ graceful: false })
  }
}
