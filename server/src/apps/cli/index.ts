/** The command line: `cli -- <command>`; exit codes 0 done, 1 failed, 2 used wrongly. */
import { Command, CommanderError } from 'commander'
import { ConfigError } from '#platform/config'
import { backupCommands } from './commands/backup.ts'
import { dataCommands } from './commands/data.ts'
import { demoCommands } from './commands/demo.ts'
import { eventCommands } from './commands/events.ts'
import { jobCommands } from './commands/jobs.ts'
import { lakeCommands } from './commands/lake.ts'
import { languageCommands } from './commands/language.ts'
import { modelCommands } from './commands/model.ts'
import { objectCommands } from './commands/objects.ts'
import { systemCommands } from './commands/system.ts'
import { createOutput, describeError } from './output.ts'

const USAGE_ERROR = 2

export async function run(args: string[]): Promise<void> {
  const program = new Command('cli')
    .description('Music Language on the command line')
    .option('--json', 'print one JSON document instead of text', false)
    .showHelpAfterError('(add --help to see how)')
    .exitOverride()
  const output = createOutput(process.stdout, () => program.opts<{ json: boolean }>().json)
  for (const addTo of [
    demoCommands,
    backupCommands,
    eventCommands,
    dataCommands,
    jobCommands,
    lakeCommands,
    languageCommands,
    modelCommands,
    objectCommands,
    systemCommands,
  ]) {
    addTo(program, output)
  }
  inheritExit(program)
  try {
    await program.parseAsync(args, { from: 'user' })
  } catch (error) {
    if (error instanceof CommanderError) {
      process.exitCode = error.exitCode === 0 ? 0 : USAGE_ERROR
      return
    }
    if (error instanceof ConfigError) throw error
    process.stderr.write(`${describeError(error)}\n`)
    process.exitCode = 1
  }
}

/** commander gives its exit behaviour to subcommands only when they are made after it is set. */
function inheritExit(command: Command): void {
  for (const child of command.commands) {
    child.exitOverride().showHelpAfterError('(add --help to see how)')
    inheritExit(child)
  }
}
