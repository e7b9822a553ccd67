import type { Command } from 'commander'
import { idOf } from '../argument-values.ts'
import { linesOf } from '../lines-of.ts'
import { counted, type Output } from '../output.ts'
import { withSystem } from '../with-system.ts'

export function dataCommands(program: Command, output: Output): void {
  const data = program
    .command('data')
    .description('data that comes from elsewhere, or is to be forgotten')
  importCommands(data, output)
  eraseCommand(data, output)
}

function importCommands(data: Command, output: Output): void {
  data
    .command('import')
    .description('import listening history')
    .command('listenbrainz')
    .description('import a ListenBrainz dump or export: one JSON object a line')
    .argument('<path>')
    .action((path: string) =>
      withSystem(async ({ history }) => {
        const report = await history.importListenBrainz(linesOf(path), {
          origin: 'listenbrainz',
          onProgress: ({ lines }) => output.progress(`${lines} lines read`),
        })
        output.line(`Added ${report.added} plays; ${report.known} were known already.`)
        if (report.bad > 0) output.line(`${report.bad} lines are no listens. The first of them:`)
        output.table(report.badLines.map(({ line, problem }) => [String(line), problem]))
        output.result(report)
      }),
    )
}

function eraseCommand(data: Command, output: Output): void {
  data
    .command('erase-user')
    .description('delete every event that a user sent; account and consent stay')
    .argument('<userId>', 'whose', idOf('a user'))
    .action((userId: string) =>
      withSystem(async ({ eventErasure }) => {
        const events = await eventErasure.forgetUser(userId)
        output.line(`Deleted ${counted(events, 'event')} of ${userId}.`)
        output.line('The next run of a worker takes them out of the lake, too.')
        output.result({ userId, events })
      }),
    )
}
