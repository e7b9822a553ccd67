import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'

const MAIN = resolve(import.meta.dirname, '../../src/main.ts')
/** As `npm run` has it: a program starts in half the time when its code is compiled already. */
const COMPILED = resolve(import.meta.dirname, '../../../node_modules/.cache/music-language')
const KEY = Buffer.alloc(32, 7).toString('base64')

export type Program = ChildProcessByStdio<null, Readable, Readable>

export interface Ended {
  /** Exit code, or the name of the signal that ended it. */
  code: number | NodeJS.Signals | null
  stdout: string
  stderr: string
}

/** Runs the server's programs, each with the given environment and nothing of this process's. */
export function programs() {
  const dataDir = mkdtempSync(join(tmpdir(), 'program-'))
  const started: Program[] = []

  function start(args: readonly string[], environment: Record<string, string> = {}): Program {
    const program = spawn(process.execPath, [MAIN, ...args], {
      env: {
        DATA_DIR: dataDir,
        NODE_COMPILE_CACHE: COMPILED,
        APP_SECRET: KEY,
        TOKEN_ENCRYPTION_KEYS: `test:${KEY}`,
        ...environment,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    started.push(program)
    return program
  }

  return {
    /** For files that a test makes; removed in the end. */
    folder: dataDir,
    start,
    async run(args: readonly string[], environment?: Record<string, string>): Promise<Ended> {
      const program = start(args, environment)
      const [stdout, stderr, code] = await Promise.all([
        text(program.stdout),
        text(program.stderr),
        exitOf(program),
      ])
      return { code, stdout, stderr }
    },
    /** Ends what still runs. */
    async close(): Promise<void> {
      for (const program of started) {
        if (program.exitCode !== null || program.signalCode !== null) continue
        program.kill('SIGKILL')
        await once(program, 'exit')
      }
      rmSync(dataDir, { recursive: true })
    },
  }
}

export async function exitOf(program: Program): Promise<Ended['code']> {
  const ended = program.exitCode ?? program.signalCode
  if (ended !== null) return ended
  const [code, signal] = (await once(program, 'exit')) as [number | null, NodeJS.Signals | null]
  return code ?? signal
}
