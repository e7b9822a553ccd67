import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
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

/** Where it listens, which its log tells. */
export async function addressesOf(program: Program): Promise<{ url: string; metricsUrl: string }> {
  const listening = new Promise<{ url: string; metricsUrl: string }>((resolve) => {
    createInterface(program.stdout).on('line', (line) => {
      const entry = JSON.parse(line) as { message?: string; url?: string; metrics_url?: string }
      const { url, metrics_url: metricsUrl } = entry
      if (url !== undefined && metricsUrl !== undefined) resolve({ url, metricsUrl })
    })
  })
  const ended = exitOf(program).then((code) => {
    throw new Error(`ended with ${code} before it listened`)
  })
  return Promise.race([listening, ended])
}
