/** `npm run chaos` and `npm run prove`: what the system bears, shown on real processes. */
import { writeFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { PROVERS } from './provers/index.ts'
import { runChaos } from './schedules/run-chaos.ts'
import type { ScheduleOutcome } from './schedules/run-schedule.ts'

const USAGE = `Usage:
  npm run chaos -- [--seed N] [--schedules K] [--from K] [--rabbit] [--report FILE]
  npm run prove -- <proof> [--times N] [--seed N] [--json]

Proofs:
${PROVERS.map(({ name, description }) => `  ${name.padEnd(18)}${description}`).join('\n')}
`
const FAILED = 1
const USED_WRONGLY = 2
const SEEDS = 2 ** 31
const PROGRESS_EVERY = 25

const options = {
  seed: { type: 'string' },
  schedules: { type: 'string', default: '20' },
  from: { type: 'string', default: '0' },
  rabbit: { type: 'boolean', default: false },
  report: { type: 'string' },
  times: { type: 'string' },
  json: { type: 'boolean', default: false },
} as const

const print = (line: string) => process.stdout.write(`${line}\n`)
const note = (line: string) => process.stderr.write(`${line}\n`)

class UsageError extends Error {}

function whole(name: string, text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new UsageError(`--${name} must be a whole number`)
  return Number(text)
}

const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`

function lineOf({ index, faults, traffic, recoveredMs, tookMs, broken }: ScheduleOutcome): string {
  const calls = `${traffic.done} done, ${traffic.refused} refused, ${traffic.unanswered} unanswered`
  const verdict = broken.length === 0 ? 'ok' : `BROKEN: ${broken.join('; ')}`
  const times = `${seconds(tookMs)}, healthy after ${seconds(recoveredMs)}`
  return `${index}  ${faults.join(' ')}  | ${calls} | ${times} | ${verdict}`
}

type Values = ReturnType<typeof parseArgs<{ options: typeof options }>>['values']

/** Tells of each schedule, and now and then of all so far. */
function teller(schedules: number): (outcome: ScheduleOutcome) => void {
  const startedAt = performance.now()
  let played = 0
  let bad = 0
  return (outcome) => {
    played += 1
    if (outcome.broken.length > 0) bad += 1
    print(lineOf(outcome))
    if (played % PROGRESS_EVERY > 0) return
    const each = (performance.now() - startedAt) / played
    print(`── ${played} of ${schedules} schedules, ${bad} of them bad, ${seconds(each)} each`)
  }
}

async function chaos(values: Values, seed: number): Promise<boolean> {
  print(`seed ${seed}`)
  const schedules = whole('schedules', values.schedules)
  const report = await runChaos({
    seed,
    from: whole('from', values.from),
    schedules,
    rabbit: values.rabbit,
    say: teller(schedules),
  })
  for (const broken of report.broken) print(`BROKEN at the end: ${broken}`)
  if (values.report !== undefined) {
    await writeFile(values.report, `${JSON.stringify(report, null, 2)}\n`)
  }
  const played = report.outcomes.length
  const total = report.broken.length + report.outcomes.flatMap(({ broken }) => broken).length
  print(
    `${report.acknowledgedEvents} events acknowledged, ` +
      `${report.jobs} jobs done within ${seconds(report.jobsDoneMs)} of the last schedule`,
  )
  print(`${played} schedules, ${total} broken invariants`)
  return total === 0 && played === schedules
}

async function prove(name: string | undefined, values: Values, seed: number): Promise<boolean> {
  const prover = PROVERS.find((one) => one.name === name)
  if (prover === undefined) throw new UsageError(`there is no proof called ${name ?? '""'}`)
  const times = values.times === undefined ? prover.times : whole('times', values.times)
  const figure = await prover.run({ times, seed, say: note })
  print(values.json ? JSON.stringify({ seed, ...figure }) : figure.line)
  return figure.holds
}

async function run(): Promise<boolean> {
  const { values, positionals } = parseArgs({ options, allowPositionals: true })
  const [command, name, ...more] = positionals
  const seed =
    values.seed === undefined ? Math.floor(Math.random() * SEEDS) : whole('seed', values.seed)
  if (more.length === 0 && command === 'chaos' && name === undefined) return chaos(values, seed)
  if (more.length === 0 && command === 'prove') return prove(name, values, seed)
  throw new UsageError('there is no such command')
}

try {
  process.exitCode = (await run()) ? 0 : FAILED
} catch (error) {
  const misused = error instanceof UsageError || (error instanceof TypeError && 'code' in error)
  note(
    misused ? `${error.message}\n${USAGE}` : String(error instanceof Error ? error.stack : error),
  )
  process.exitCode = misused ? USED_WRONGLY : FAILED
}
