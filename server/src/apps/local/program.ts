import { type ChildProcess, spawn } from 'node:child_process'
import { createWriteStream } from 'node:fs'
import type { Readable } from 'node:stream'
import type { Env } from '#platform/config'
import { openLog } from './program-log.ts'

export interface ProgramPlan {
  /** Such as `worker`; names its log file. */
  readonly name: string
  /** Arguments for Node: the file to run comes first. */
  readonly args: readonly string[]
  readonly cwd: string
  readonly environment: Env
  readonly logFile: string
  /** Shows each line of its log too, when given. */
  readonly echo?: ((line: string) => void) | undefined
}

export interface Program {
  readonly pid: number
  /** Resolves with what ended it: an exit code or a signal's name. */
  readonly ended: Promise<string>
  hasEnded(): boolean
  /** SIGTERM, then SIGKILL when it takes longer than `graceMs`; resolves when it has ended. */
  stop(graceMs: number): Promise<void>
}

function tee(source: Readable | null, { logFile, name, echo }: ProgramPlan): void {
  if (!source || !echo) return
  const file = createWriteStream(logFile, { flags: 'a', mode: 0o600 })
  let rest = ''
  source.setEncoding('utf8')
  source.on('data', (chunk: string) => {
    file.write(chunk)
    const lines = (rest + chunk).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) echo(`${name.padEnd(8)} ${line}`)
  })
  source.on('close', () => file.end())
}

async function spawnInto(plan: ProgramPlan): Promise<ChildProcess> {
  const log = plan.echo ? undefined : await openLog(plan.logFile)
  try {
    const output = log?.fd ?? 'pipe'
    const child = spawn(process.execPath, [...plan.args], {
      cwd: plan.cwd,
      env: { ...plan.environment },
      // A session of its own: Ctrl-C reaches the supervisor alone, which stops things in order.
      detached: true,
      // The channel closes when this process ends, however it ends; programs then stop as well.
      stdio: ['ignore', output, output, 'ipc'],
    })
    tee(child.stdout, plan)
    tee(child.stderr, plan)
    return child
  } finally {
    await log?.close()
  }
}

/** Starts a program of ours with its output in its log. */
export async function startProgram(plan: ProgramPlan): Promise<Program> {
  const child = await spawnInto(plan)
  let isOver = false
  const ended = new Promise<string>((resolve) => {
    const finish = (reason: string) => {
      isOver = true
      resolve(reason)
    }
    child.once('error', (error) => finish(error.message))
    child.once('exit', (code, signal) => finish(signal ?? `exit code ${code ?? 1}`))
  })

  return {
    pid: child.pid ?? 0,
    ended,
    hasEnded: () => isOver,
    async stop(graceMs) {
      if (isOver) return
      child.kill('SIGTERM')
      const force = setTimeout(() => child.kill('SIGKILL'), graceMs)
      await ended
      clearTimeout(force)
    },
  }
}
