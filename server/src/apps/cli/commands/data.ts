import type { Command } from 'commander'
import { linesOf } from '../lines-of.ts'
import type { Output } from '../output.ts'
import { withSystem } from '../with-system.ts'

export function dataCommands(program: Command, output: Output): void {
  const imports = program
    .command('data')
    .description('data that comes from elsewhere')
    .command('import')
    .description('import listening history')

  imports
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
