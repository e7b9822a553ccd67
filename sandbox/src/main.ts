import { createWriteStream } from 'node:fs'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { CatalogueError } from './catalogue/catalogue.ts'
import { loadCatalogue } from './catalogue/load-catalogue.ts'
import { ConfigError, readCommand, readConfig } from './config.ts'
import { listenBrainzLines } from './listeners/listenbrainz-dump.ts'
import { populate } from './listeners/population.ts'
import { RecordedAnswersError } from './recorded/load-recorded.ts'
import { startSandbox } from './start-sandbox.ts'

async function serve(): Promise<void> {
  const sandbox = await startSandbox(readConfig(process.env))
  const stop = () => {
    process.removeAllListeners('SIGTERM').removeAllListeners('SIGINT')
    void sandbox.close()
  }
  process.once('SIGTERM', stop).once('SIGINT', stop)
  // A supervisor that is killed closes the channel to its children; alone they serve nobody.
  if (process.connected) process.once('disconnect', stop).channel?.unref()
  // Last, so that whoever waits for this line may stop the sandbox at once.
  console.log(`The sandbox listens on ${sandbox.url}`)
}

async function writeHistory(out: string, until: Date | undefined): Promise<void> {
  const catalogue = loadCatalogue()
  const lines = Readable.from(listenBrainzLines(catalogue, populate(catalogue, until)))
  await pipeline(lines, createWriteStream(out))
}

function isExpected(error: unknown): error is Error {
  const known = [ConfigError, CatalogueError, RecordedAnswersError]
  return (
    error instanceof Error && (known.some((kind) => error instanceof kind) || 'syscall' in error)
  )
}

try {
  const command = readCommand(process.argv.slice(2))
  if (command.name === 'serve') await serve()
  else await writeHistory(command.out, command.until)
} catch (error) {
  if (!isExpected(error)) throw error
  console.error(error.message)
  process.exitCode = 2
}
