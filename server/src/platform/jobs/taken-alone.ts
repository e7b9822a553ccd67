import type { JobWithMetadata, PgBoss } from 'pg-boss'
import { errorCode } from '#platform/errors'
import { HEARTBEAT_EVERY_SECONDS } from './boss.ts'
import { affectedBy } from './job-claim.ts'
import type { AnyJob } from './job-definition.ts'
import { JobBusyError, JobRevokedError } from './job-errors.ts'
import { uniqueKeyOf } from './job-queue.ts'

const UNIQUE_VIOLATION = '23505'

/** As pg-boss takes a job, but this one. */
const TAKE = `
  update pgboss.job
  set state = 'active', started_on = now(), heartbeat_on = now(),
    retry_count = retry_count + (case when started_on is null then 0 else 1 end)
  where name = $1 and id = (
    select id from pgboss.job
    where name = $1 and state < 'active' and not blocked
      and ($2::uuid is null or id = $2) and ($3::text is null or singleton_key = $3)
    order by created_on
    limit 1
    for update skip locked)
  returning id`

/**
 * Takes a unique job that waits already, else enqueues one and takes it in the same transaction, so
 * that no worker is quicker.
 * @throws JobBusyError when it runs already and only one may.
 */
async function enqueueAndTake(boss: PgBoss, job: AnyJob, payload: object): Promise<string> {
  const transaction = await boss.getDb().beginTransaction?.()
  if (transaction === undefined) throw new Error('the job queue has no transactions')
  const { db } = transaction
  const unique = uniqueKeyOf(job)

  async function take(id: string | null): Promise<string | undefined> {
    const { rows } = await db.executeSql(TAKE, [job.name, id, unique.singletonKey ?? null])
    return (rows as { id: string }[])[0]?.id
  }
  async function takeNew(): Promise<string | undefined> {
    const id = await boss.send(job.name, payload, { ...unique, db })
    return id === null ? undefined : take(id)
  }

  try {
    const taken = (job.unique && (await take(null))) ?? (await takeNew())
    if (taken === undefined) throw new JobBusyError(job.name)
    await transaction.commit()
    return taken
  } catch (error) {
    await transaction.rollback()
    if (errorCode(error) === UNIQUE_VIOLATION) throw new JobBusyError(job.name)
    throw error
  }
}

/** A signal that is aborted when the job's claim is lost, and the heartbeat that keeps the claim. */
function keepClaim(boss: PgBoss, job: AnyJob, claimed: { id: string; retryCount: number }) {
  const lost = new AbortController()
  async function beat(): Promise<void> {
    // A heartbeat that did not get through says nothing about the claim.
    const answer = await boss.touch(job.name, claimed).catch(() => undefined)
    if (answer !== undefined && affectedBy(answer) === 0)
      lost.abort(new JobRevokedError(claimed.id))
  }
  const timer = setInterval(() => void beat(), HEARTBEAT_EVERY_SECONDS * 1000)
  return { signal: lost.signal, release: () => clearInterval(timer) }
}

export interface TakenAlone<P extends object> {
  taken: JobWithMetadata<P>
  /** Ends the heartbeat. */
  release(): void
}

/** Takes one job for this process alone, without working on its queue. @throws JobBusyError */
export async function takeAlone<P extends object>(
  boss: PgBoss,
  job: AnyJob,
  payload: P,
): Promise<TakenAlone<P>> {
  const id = await enqueueAndTake(boss, job, payload)
  const [found] = await boss.findJobs<P>(job.name, { id })
  if (found === undefined) throw new JobRevokedError(id)
  const claim = keepClaim(boss, job, found)
  const timeout = AbortSignal.timeout(job.timeoutSeconds * 1000)
  const signal = AbortSignal.any([claim.signal, timeout])
  return { taken: { ...found, signal }, release: claim.release }
}
