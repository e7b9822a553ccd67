import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { rm } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'
import { programPath } from './missing-server.ts'
import { signalTree } from './process-tree.ts'
import type { Account } from './server-account.ts'

/** A server of somebody else's that a test has started. */
export interface Server {
  /** Of the process that runs now. */
  readonly pid: number
  /** Its port on 127.0.0.1; the same one after a restart. */
  readonly port: number
  /** False when it was ended, or ended by itself. */
  isRunning(): boolean
  /** The end of what it has printed. */
  log(): string
  /** Ends it in good order, for good: its data are removed. */
  stop(): Promise<void>
  /** Ends it with SIGKILL; its data stay. */
  kill(): Promise<void>
  /** Ends it in good order, or as this signal means to it; its data stay. */
  shutDown(signal?: NodeJS.Signals): Promise<void>
  /** Starts it again after `kill` or `shutDown`, on the same port with the same data. */
  start(): Promise<void>
  /** Freezes it: connections stay open and nothing is answered (SIGSTOP). */
  pause(): void
  resume(): void
}

export interface ServerPlan {
  readonly name: string
  readonly command: string
  readonly args: readonly string[]
  readonly port: number
  /** Removed by `stop`. */
  readonly folder: string
  readonly env?: Readonly<Record<string, string>>
  readonly account?: Account | undefined
  /** The signal that asks it to end in good order. */
  readonly endSignal?: NodeJS.Signals
  /** Resolves when it serves, rejects as long as it does not; asked again and again. */
  readonly probe: (log: string) => Promise<void>
  readonly startWithinMs?: number
}

const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'
const START_WITHIN_MS = 20_000
const END_WITHIN_MS = 15_000
const PROBE_EVERY_MS = 60
const LOG_LENGTH = 32_768
/** Of the log, in an error's message. */
const TOLD_LENGTH = 2_000

interface Run {
  readonly child: ChildProcess
  readonly exited: Promise<unknown>
}

const hasEnded = ({ child }: Run): boolean => child.exitCode !== null || child.signalCode !== null

/** Where the kernel can, the server ends with this process, however this one ends. */
function boundToUs(plan: ServerPlan, signal: NodeJS.Signals): [string, string[]] {
  const setpriv = programPath('setpriv')
  if (setpriv === undefined) return [plan.command, [...plan.args]]
  return [setpriv, ['--pdeathsig', signal.replace('SIG', ''), '--', plan.command, ...plan.args]]
}

/** Starts a server and resolves when it serves. @throws Error with the end of its log. */
export async function runServer(plan: ServerPlan): Promise<Server> {
  const { name, folder, endSignal = 'SIGTERM', startWithinMs = START_WITHIN_MS } = plan
  let log = ''
  let run: Run | undefined

  const keep = (chunk: Buffer) => {
    log = `${log}${chunk.toString()}`.slice(-LOG_LENGTH)
  }
  const tail = () => log.slice(-TOLD_LENGTH)
  const running = (): Run => {
    if (run === undefined || hasEnded(run)) throw new Error(`${name} does not run:\n${tail()}`)
    return run
  }
  const pidOf = ({ child }: Run): number => {
    if (child.pid === undefined) throw new Error(`${name} could not be run: ${plan.command}`)
    return child.pid
  }

  function spawnIt(): Run {
    const [command, args] = boundToUs(plan, endSignal)
    const child = spawn(command, args, {
      cwd: folder,
      env: { PATH, HOME: folder, LANG: 'C.UTF-8', ...plan.env },
      // A pipe that stays open: one of the servers ends with its standard input.
      stdio: ['pipe', 'pipe', 'pipe'],
      // Out of reach of the terminal's Ctrl-C, which would end it before those who use it.
      detached: true,
      ...plan.account,
    })
    child.stdout.on('data', keep)
    child.stderr.on('data', keep)
    child.stdin.on('error', () => undefined)
    return { child, exited: once(child, 'exit') }
  }

  async function start(): Promise<void> {
    if (run !== undefined && !hasEnded(run)) return
    log = ''
    const started = spawnIt()
    run = started
    const deadline = performance.now() + startWithinMs
    for (;;) {
      if (hasEnded(started)) throw new Error(`${name} ended at its start:\n${tail()}`)
      const problem = await plan.probe(log).then(
        () => undefined,
        (error: unknown) => error,
      )
      if (problem === undefined) return
      if (performance.now() > deadline) {
        await end('SIGKILL')
        throw new Error(`${name} did not serve within ${startWithinMs} ms:\n${tail()}`, {
          cause: problem,
        })
      }
      await delay(PROBE_EVERY_MS)
    }
  }

  async function end(signal: NodeJS.Signals): Promise<void> {
    if (run === undefined || hasEnded(run)) return
    const pid = pidOf(run)
    if (signal === 'SIGKILL') signalTree(pid, 'SIGKILL')
    else {
      signalTree(pid, 'SIGCONT')
      process.kill(pid, signal)
    }
    const timer = setTimeout(() => signalTree(pid, 'SIGKILL'), END_WITHIN_MS)
    await run.exited
    clearTimeout(timer)
  }

  await start().catch(async (error: unknown) => {
    await rm(folder, { recursive: true, force: true })
    throw error
  })
  return {
    port: plan.port,
    get pid() {
      return pidOf(running())
    },
    isRunning: () => run !== undefined && !hasEnded(run),
    log: () => log,
    start,
    kill: () => end('SIGKILL'),
    shutDown: (signal = endSignal) => end(signal),
    async stop() {
      await end(endSignal)
      await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 })
    },
    pause: () => signalTree(pidOf(running()), 'SIGSTOP'),
    resume: () => signalTree(pidOf(running()), 'SIGCONT'),
  }
}
