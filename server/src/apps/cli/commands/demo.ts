import type { Command } from 'commander'
import { playDemo } from '../demo/play-demo.ts'
import { seedDemo } from '../demo/seed-demo.ts'
import type { Output } from '../output.ts'

const list = (text: string): string[] =>
  text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '')

export function demoCommands(program: Command, output: Output): void {
  const demo = program.command('demo').description('see what the system does')

  demo
    .command('play', { isDefault: true })
    .description('play the main job against a running system: register, link, listen, recommend')
    .option('--api <url>', 'the API to play against; default: the one that npm start runs')
    .option('--lang <tags>', 'languages to ask songs in', list, ['es', 'fr', 'ja'])
    .option('--listener <name>', 'the demo listener to link, where there is a choice')
    .action((options: { api?: string; lang: string[]; listener?: string }) =>
      playDemo({ ...options, apiUrl: options.api }, output),
    )

  demo
    .command('seed')
    .description('fill a new database with listening history, languages, a model and a demo login')
    .requiredOption('--history <file>', 'listening history, in the format of a ListenBrainz dump')
    .action(({ history }: { history: string }) => seedDemo(history, output))
}
