import type { PgBoss } from 'pg-boss'
import { validate } from 'uuid'
import { deadLetterOf } from './boss.ts'
import type { JobProgress } from './job-progress.ts'

/** `dead`: in the dead-letter queue; what it was copied from is `failed`. */
export type JobState = 'waiting' | 'retrying' | 'running' | 'done' | 'cancelled' | 'failed' | 'dead'

export const JOB_STATES: readonly JobState[] = [
  'waiting',
  'retrying',
  'running',
  'done',
  'cancelled',
  'failed',
  'dead',
]

export interface JobFilter {
  job?: string
  state?: JobState
  limit: number
}

export interface JobSummary {
  jobId: string
  job: string
  state: JobState
  /** Attempts begun. */
  attempts: number
  createdAt: Date
  /** When it may be taken. */
  dueAt: Date
  startedAt: Date | null
  endedAt: Date | null
  progress: JobProgress | null
  error: string | null
}

export interface JobRecord extends JobSummary {
  payload: unknown
  retryLimit: number
  /** What a dead job was before. */
  sourceJobId: string | null
}

interface JobRow {
  id: string
  name: string
  state: string
  retry_count: number
  retry_limit: number
  created_on: Date
  start_after: Date
  started_on: Date | null
  completed_on: Date | null
  data: unknown
  output: Output | null
  source_id: string | null
  source_output: Output | null
}

/** Ours, pg-boss' own for an overdue attempt, and its for a lost heartbeat. */
interface Output {
  progress?: JobProgress
  error?: { message?: string }
  message?: string
  value?: { message?: string }
}

const STATES: Readonly<Record<string, JobState>> = {
  created: 'waiting',
  retry: 'retrying',
  active: 'running',
  completed: 'done',
  cancelled: 'cancelled',
  failed: 'failed',
}

const COLUMNS = `id, name, state, retry_count, retry_limit, created_on, start_after, started_on,
  completed_on, data, output, source_id, source_output`

const DEAD_SUFFIX = deadLetterOf('')

const errorOf = (output: Output | null) =>
  output?.error?.message ?? output?.message ?? output?.value?.message ?? null

function recordOf(row: JobRow): JobRecord {
  const dead = row.name.endsWith(DEAD_SUFFIX)
  const state = STATES[row.state] ?? 'failed'
  const ended = row.output ?? row.source_output
  return {
    jobId: row.id,
    job: dead ? row.name.slice(0, -DEAD_SUFFIX.length) : row.name,
    state: dead && state === 'waiting' ? 'dead' : state,
    attempts: row.retry_count + (row.started_on === null ? 0 : 1),
    createdAt: row.created_on,
    dueAt: row.start_after,
    startedAt: row.started_on,
    endedAt: row.completed_on,
    progress: ended?.progress ?? null,
    error: errorOf(ended),
    payload: row.data,
    retryLimit: row.retry_limit,
    sourceJobId: row.source_id,
  }
}

function summaryOf({ payload, retryLimit, sourceJobId, ...summary }: JobRecord): JobSummary {
  return summary
}

/** Reads jobs as pg-boss keeps them. */
export function jobRecords(boss: () => Promise<PgBoss>, names: readonly string[]) {
  const queues = [...names, ...names.map(deadLetterOf)]

  async function rowsOf(sql: string, values: unknown[]): Promise<JobRow[]> {
    const { rows } = await (await boss()).getDb().executeSql(sql, values)
    return rows as JobRow[]
  }

  async function find(jobId: string): Promise<JobRow | undefined> {
    if (!validate(jobId)) return undefined
    const [row] = await rowsOf(
      `select ${COLUMNS} from pgboss.job where name = any($1) and id = $2`,
      [queues, jobId],
    )
    return row
  }

  return {
    async list({ job, state, limit }: JobFilter): Promise<JobSummary[]> {
      const wanted = job === undefined ? names : [job]
      const from = state === 'dead' ? wanted.map(deadLetterOf) : wanted
      const stored = Object.keys(STATES).filter(
        (name) => state === undefined || STATES[name] === (state === 'dead' ? 'waiting' : state),
      )
      const rows = await rowsOf(
        `select ${COLUMNS} from pgboss.job where name = any($1) and state::text = any($2)
         order by created_on desc limit $3`,
        [from, stored, limit],
      )
      return rows.map((row) => summaryOf(recordOf(row)))
    },

    async show(jobId: string): Promise<JobRecord | undefined> {
      const row = await find(jobId)
      return row && recordOf(row)
    },

    /** The queue that holds the job. */
    async queueOf(jobId: string): Promise<string | undefined> {
      return (await find(jobId))?.name
    },
  }
}
