import { fromKysely, type JobWithMetadata, type PgBoss } from 'pg-boss'
import { JobRevokedError } from './job-errors.ts'
import type { JobContext } from './job-handler.ts'
import type { JobProgress } from './job-progress.ts'

type Claimed = Pick<JobWithMetadata<object>, 'name' | 'id' | 'retryCount'>

/** Each attempt has a number of its own, so what a worker says of an earlier one has no effect. */
const CLAIM = "name = $1 and id = $2 and state = 'active' and retry_count = $3"

const claimOf = ({ name, id, retryCount }: Claimed) => [name, id, retryCount]

/** How many jobs a command changed: pg-boss gives the number but has no type for it. */
export const affectedBy = (answer: object): unknown =>
  'affected' in answer ? answer.affected : undefined

/** Puts a running job back, to be taken at once. The attempt is not held against it. */
export async function giveBack(boss: PgBoss, taken: Claimed): Promise<void> {
  await boss.getDb().executeSql(
    `update pgboss.job
     set state = 'retry', start_after = now(), heartbeat_on = null, retry_limit = retry_limit + 1
     where ${CLAIM}`,
    claimOf(taken),
  )
}

/** Stored where pg-boss puts what a job ends with, which replaces it. */
export const progressWriter =
  (boss: PgBoss, taken: Claimed) =>
  async (progress: JobProgress): Promise<void> => {
    await boss
      .getDb()
      .executeSql(`update pgboss.job set output = $4::jsonb where ${CLAIM}`, [
        ...claimOf(taken),
        JSON.stringify({ progress }),
      ])
  }

export function completion(
  boss: PgBoss,
  taken: Claimed,
  progress: () => JobProgress | undefined,
): JobContext['completeWithin'] {
  return async (transaction) => {
    const output = { progress: progress() }
    const answer = await boss.complete(taken.name, taken, output, { db: fromKysely(transaction) })
    if (affectedBy(answer) !== 1) throw new JobRevokedError(taken.id)
  }
}
