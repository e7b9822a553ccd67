import { type Command, InvalidArgumentError, Option } from 'commander'
import { JOB_STATES, type JobState, type JobSummary } from '#platform/jobs'
import { limitUpTo } from '../argument-values.ts'
import { type Output, shorten } from '../output.ts'
import { withSystem } from '../with-system.ts'

interface ListOptions {
  job?: string
  state?: JobState
  limit: number
}

const MAX_LIMIT = 1000
const ERROR_CELLS = 60

function jsonObject(text: string): object {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value
  } catch {
    // Told below, as for any other text that is no object.
  }
  throw new InvalidArgumentError('It must be a JSON object.')
}

function progressOf({ progress }: Pick<JobSummary, 'progress'>): string {
  if (progress === null) return ''
  const { done, total, note } = progress
  return [total === undefined ? String(done) : `${done} of ${total}`, note]
    .filter(Boolean)
    .join(', ')
}

const time = (at: Date | null | undefined) => at?.toISOString().slice(0, 19).replace('T', ' ') ?? ''

export function jobCommands(program: Command, output: Output): void {
  const jobs = program.command('jobs').description('background jobs')
  listCommand(jobs, output)
  showCommand(jobs, output)
  runCommand(jobs, output)
  cancelCommand(jobs, output)
  redriveCommand(jobs, output)
  schedulesCommand(jobs, output)
}

function listCommand(jobs: Command, output: Output): void {
  jobs
    .command('list', { isDefault: true })
    .description('what the queues hold, and the newest jobs')
    .option('--job <name>', 'only jobs of this kind')
    .addOption(new Option('--state <state>', 'only jobs in this state').choices(JOB_STATES))
    .option('--limit <number>', 'how many jobs', limitUpTo(MAX_LIMIT), 20)
    .action((options: ListOptions) =>
      withSystem(async ({ jobs: admin }) => {
        const [queues, found] = await Promise.all([admin.queues(), admin.list(options)])
        output.heading('Queues')
        output.table([
          ['job', 'waiting', 'running', 'dead', 'oldest waits'],
          ...queues.map((queue) => [
            queue.job,
            String(queue.waiting),
            String(queue.running),
            String(queue.dead),
            queue.waiting === 0 ? '' : `${Math.round(queue.oldestWaitingSeconds)} s`,
          ]),
        ])
        output.heading('Jobs')
        output.table(
          found.map((job) => [
            job.jobId,
            job.job,
            job.state,
            time(job.createdAt),
            progressOf(job),
            shorten(job.error ?? '', ERROR_CELLS),
          ]),
        )
        output.result({ queues, jobs: found })
      }),
    )
}

function showCommand(jobs: Command, output: Output): void {
  jobs
    .command('show')
    .description('all there is to know of a job')
    .argument('<id>')
    .action((id: string) =>
      withSystem(async ({ jobs: admin }) => {
        const job = await admin.show(id)
        if (job === undefined) throw noSuchJob(id)
        output.table([
          ['job', job.job],
          ['state', job.state],
          ['attempts', `${job.attempts} of ${job.retryLimit + 1}`],
          ['created', time(job.createdAt)],
          ['due', time(job.dueAt)],
          ['started', time(job.startedAt)],
          ['ended', time(job.endedAt)],
          ['progress', progressOf(job)],
          ['error', job.error ?? ''],
          ['payload', JSON.stringify(job.payload)],
        ])
        output.result(job)
      }),
    )
}

function runCommand(jobs: Command, output: Output): void {
  jobs
    .command('run')
    .description('have a worker run a job')
    .argument('<job>')
    .option('--payload <json>', 'what it is told, a JSON object', jsonObject, {})
    .action((name: string, { payload }: { payload: object }) =>
      withSystem(async ({ jobs: admin }) => {
        const jobId = await admin.run(name, payload)
        output.line(jobId === null ? 'An equal job waits or runs already.' : `Enqueued ${jobId}.`)
        output.result({ jobId })
      }),
    )
}

function cancelCommand(jobs: Command, output: Output): void {
  jobs
    .command('cancel')
    .description('drop a waiting job, stop a running one')
    .argument('<id>')
    .action((id: string) =>
      withSystem(async ({ jobs: admin }) => {
        if (!(await admin.cancel(id))) {
          const job = await admin.show(id)
          throw job === undefined ? noSuchJob(id) : new Error(`The job is ${job.state} already.`)
        }
        output.line('Cancelled.')
        output.result({ jobId: id, cancelled: true })
      }),
    )
}

function redriveCommand(jobs: Command, output: Output): void {
  jobs
    .command('redrive')
    .description('try jobs again that failed for good')
    .argument('<job>', 'which kind')
    .argument('[ids...]', 'only these, as `list --state dead` names them')
    .action((name: string, ids: string[]) =>
      withSystem(async ({ jobs: admin }) => {
        const moved = await admin.redrive(name, ids.length === 0 ? undefined : ids)
        output.line(`${moved} back in the queue.`)
        output.result({ moved })
      }),
    )
}

function schedulesCommand(jobs: Command, output: Output): void {
  jobs
    .command('schedules')
    .description('which jobs start by themselves, and when next (UTC)')
    .action(() =>
      withSystem(async ({ jobs: admin }) => {
        const schedules = await admin.schedules()
        output.table(schedules.map(({ job, cron, nextAt }) => [job, cron, time(nextAt)]))
        output.result({ schedules })
      }),
    )
}

const noSuchJob = (id: string) =>
  new Error(`There is no job ${id}. Jobs that have ended are kept for a week.`)
