import { type Command, InvalidArgumentError } from 'commander'
import { idOf, limitUpTo } from '../argument-values.ts'
import { counted, type Output, shorten } from '../output.ts'
import { withSystem } from '../with-system.ts'

const MAX_LIMIT = 1000
const ERROR_CELLS = 60

const ISO_TIME = /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:\d{2}))?$/

function time(text: string): Date {
  const date = new Date(text)
  if (ISO_TIME.test(text) && !Number.isNaN(date.getTime())) return date
  throw new InvalidArgumentError('It must be a date or a time with its zone, as ISO 8601 has them.')
}

const seconds = (value: number) => `${value < 10 ? value.toFixed(1) : Math.round(value)} s`

export function eventCommands(program: Command, output: Output): void {
  const events = program.command('events').description('events on their way to who acts on them')
  statusCommand(events, output)
  deadCommand(events, output)
  redriveCommand(events, output)
  replayCommand(events, output)
}

function statusCommand(events: Command, output: Output): void {
  events
    .command('status', { isDefault: true })
    .description('how far each reader of each feed lags behind')
    .action(() =>
      withSystem(async ({ events: system }) => {
        const lags = await system.status()
        output.table([
          ['feed', 'consumer', 'behind by', 'held back by'],
          ...lags.map(({ feed, consumer, lagSeconds, heldBackSeconds }) => [
            feed,
            consumer,
            seconds(lagSeconds),
            seconds(heldBackSeconds),
          ]),
        ])
        output.result({ lags })
      }),
    )
}

function deadCommand(events: Command, output: Output): void {
  events
    .command('dead')
    .description('events that their consumer could not take')
    .option('--consumer <name>', 'only of this one')
    .option('--limit <number>', 'how many', limitUpTo(MAX_LIMIT), 20)
    .action((options: { consumer?: string; limit: number }) =>
      withSystem(async ({ events: system }) => {
        const dead = await system.listDead(options)
        if (dead.length === 0) output.line('No event is dead.')
        output.table(
          dead.map(({ consumer, event, error, attempts, diedAt }) => [
            event.id,
            consumer,
            event.topic,
            `tried ${attempts}×`,
            diedAt.toISOString(),
            shorten(error.split('\n', 1)[0] ?? '', ERROR_CELLS),
          ]),
        )
        output.result({ dead })
      }),
    )
}

function redriveCommand(events: Command, output: Output): void {
  events
    .command('redrive')
    .description('have a worker try dead events again')
    .requiredOption('--consumer <name>', 'whose')
    .option('--event <id>', 'only this one', idOf('an event'))
    .action(({ consumer, event }: { consumer: string; event?: string }) =>
      withSystem(async ({ events: system }) => {
        const asked = await system.redrive(consumer, event)
        output.line(`${counted(asked, 'dead event')} will be tried again by a worker.`)
        output.result({ asked })
      }),
    )
}

function replayCommand(events: Command, output: Output): void {
  events
    .command('replay')
    .description('give a consumer again what happened since a time')
    .requiredOption('--consumer <name>', 'whom')
    .requiredOption('--since <time>', 'from when on, ISO 8601', time)
    .action(({ consumer, since }: { consumer: string; since: Date }) =>
      withSystem(async ({ events: system }) => {
        const stopping = new AbortController()
        process.once('SIGINT', () => stopping.abort(new Error('stopped')))
        const replayed = await system.replay(consumer, {
          since,
          signal: stopping.signal,
          onProgress: (done) => output.progress(`${done} events given`),
        })
        output.line(`Gave ${consumer} ${counted(replayed, 'event')} again.`)
        output.result({ replayed })
      }),
    )
}
