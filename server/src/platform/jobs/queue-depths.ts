import type { PgBoss } from 'pg-boss'
import { deadLetterOf } from './boss.ts'
import type { AnyJob } from './job-definition.ts'

/** What there is in the whole fleet, whichever process counts it. */
export interface QueueDepth {
  job: string
  /** Ready and not yet taken. */
  waiting: number
  /** How long the oldest of these has been ready; 0 without one. */
  oldestWaitingSeconds: number
  running: number
  /** In the dead-letter queue. */
  dead: number
}

const DEPTHS = `
  select name,
    count(*) filter (where state < 'active' and start_after <= now())::int as waiting,
    coalesce(extract(epoch from now() - min(start_after)
      filter (where state < 'active' and start_after <= now())), 0)::float as oldest,
    count(*) filter (where state = 'active')::int as running
  from pgboss.job
  where name = any($1) and state <= 'active'
  group by name`

interface DepthRow {
  name: string
  waiting: number
  oldest: number
  running: number
}

/** Counts each job's queue, an empty one as well. */
export function queueDepths(boss: PgBoss, jobs: readonly AnyJob[]) {
  const names = jobs.map(({ name }) => name)
  return async (): Promise<QueueDepth[]> => {
    const { rows } = await boss.getDb().executeSql(DEPTHS, [[...names, ...names.map(deadLetterOf)]])
    const counted = new Map((rows as DepthRow[]).map((row) => [row.name, row]))
    return names.map((job) => {
      const row = counted.get(job)
      return {
        job,
        waiting: row?.waiting ?? 0,
        oldestWaitingSeconds: row?.oldest ?? 0,
        running: row?.running ?? 0,
        dead: counted.get(deadLetterOf(job))?.waiting ?? 0,
      }
    })
  }
}
