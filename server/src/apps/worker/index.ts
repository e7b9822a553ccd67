/** The worker process: runs background jobs until it is told to stop, or a single one. */
import { parseArgs } from 'node:util'
import { runJob } from './run-job.ts'
import { runWorker } from './run-worker.ts'

const USAGE = 'Usage: main.ts worker [run <job> [--payload <JSON object>]]\n'
const USED_WRONGLY = 2

type Order = { job?: undefined } | { job: string; payload: object }

/** @throws when the arguments mean nothing. */
function readOrder(args: string[]): Order {
  const { positionals, values } = parseArgs({
    args,
    options: { payload: { type: 'string', default: '{}' } },
    allowPositionals: true,
  })
  const [command, job, ...more] = positionals
  if (command === undefined) return {}
  if (command !== 'run' || job === undefined || more.length > 0) throw new Error('no such command')
  const payload: unknown = JSON.parse(values.payload)
  if (typeof payload !== 'object' || payload === null) throw new Error('payload is no JSON object')
  return { job, payload }
}

export async function run(args: string[] = []): Promise<void> {
  let order: Order
  try {
    order = readOrder(args)
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n${USAGE}`)
    process.exitCode = USED_WRONGLY
    return
  }
  await (order.job === undefined ? runWorker() : runJob(order.job, order.payload))
}
