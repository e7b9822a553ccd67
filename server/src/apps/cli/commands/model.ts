import type { Command } from 'commander'
import type { Output } from '../output.ts'
import { withSystem } from '../with-system.ts'

export function modelCommands(program: Command, output: Output): void {
  const model = program.command('model').description('the recommendation model')

  model
    .command('train')
    .description('train a model on the listening history and put it into service')
    .action(() =>
      withSystem(async ({ training }) => {
        const outcome = await training.train()
        output.line(
          outcome.trained
            ? `Model ${outcome.version} is in service.`
            : `No new model: ${outcome.why === 'unchanged' ? 'nothing has changed' : 'too few listeners'}.`,
        )
        output.result(outcome)
      }),
    )
}
