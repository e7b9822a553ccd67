import { mkdir, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Env, LocalConfig } from '#platform/config'
import { LocalRunError } from './local-errors.ts'
import { startProgram } from './program.ts'
import { logTail, rotateLog } from './program-log.ts'

interface DemoData {
  readonly config: LocalConfig
  /** The server's own environment: the seeding is a command of its CLI. */
  readonly environment: Env
  readonly logFile: string
  /** Beside the data that it speaks of, so that new data is seeded anew. */
  readonly marker: string
  readonly signal: AbortSignal
}

const STOP_GRACE_MS = 3_000

async function runToEnd(demo: DemoData, args: readonly string[]): Promise<void> {
  const { config, environment, logFile, signal } = demo
  const plan = { name: 'demo', args, environment, logFile, cwd: config.repositoryRoot }
  const program = await startProgram(plan)
  const stop = () => void program.stop(STOP_GRACE_MS)
  signal.addEventListener('abort', stop, { once: true })
  const reason = await program.ended
  signal.removeEventListener('abort', stop)
  signal.throwIfAborted()
  if (reason === 'exit code 0') return
  const tail = await logTail(logFile)
  throw new LocalRunError(
    `The demo data could not be made (${reason}). The end of ${logFile}:\n${tail}`,
  )
}

/** Fills a new database with the sandbox's listeners, once. */
export async function seedDemoData(demo: DemoData): Promise<void> {
  const history = join(demo.config.dataDir, 'demo', 'history.jsonl')
  await mkdir(join(demo.config.dataDir, 'demo'), { recursive: true })
  await rotateLog(demo.logFile)
  await runToEnd(demo, ['sandbox/src/main.ts', 'history', '--out', history])
  await runToEnd(demo, ['server/src/main.ts', 'cli', 'demo', 'seed', '--history', history])
  await writeFile(
    demo.marker,
    'The demo data is in this database; without this file it is made again.\n',
  )
  await rm(history)
}

export async function isSeeded(marker: string): Promise<boolean> {
  return (await stat(marker).catch(() => undefined)) !== undefined
}
