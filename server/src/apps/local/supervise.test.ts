import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { isSameProcess, startMarkOf } from '#platform/process-lock'
import type { LocalRunError } from './local-errors.ts'
import { type Supervised, supervise } from './supervise.ts'

const STAYS = 'setInterval(() => undefined, 1000)'
const FAILS = 'console.log("no such table"); process.exit(3)'
const DEAF = `process.on('SIGTERM', () => undefined); console.log('up'); ${STAYS}`

let folder: string
let logFile: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'supervise-'))
  logFile = join(folder, 'program.log')
})

afterEach(async () => {
  await rm(folder, { recursive: true })
})

interface Watched {
  readonly program: Supervised
  /** Pids in the order of their starts. */
  readonly pids: number[]
  readonly failure: Promise<LocalRunError>
  /** Resolves when the program has been started this many times. */
  started(times: number): Promise<void>
}

async function watch(script: string, backoffMs: readonly number[] = []): Promise<Watched> {
  const pids: number[] = []
  const waiters: { times: number; resolve: () => void }[] = []
  const failure = Promise.withResolvers<LocalRunError>()
  const program = await supervise({
    plan: { name: 'program', args: ['-e', script], cwd: folder, environment: {}, logFile },
    backoffMs,
    onStart: (_name, pid) => {
      pids.push(pid)
      for (const { times, resolve } of waiters) if (pids.length >= times) resolve()
    },
    onRestart: () => undefined,
    onGiveUp: failure.resolve,
    nowMs: () => performance.now(),
  })
  onTestFinished(() => program.stop(0))
  return {
    program,
    pids,
    failure: failure.promise,
    started: (times) =>
      new Promise((resolve) => {
        if (pids.length >= times) resolve()
        else waiters.push({ times, resolve })
      }),
  }
}

describe('supervise', () => {
  it('fails the start with the last log lines when a program ends before it is kept alive', async () => {
    const { program, failure } = await watch(FAILS, [0, 0])

    expect((await failure).message).toContain('exit code 3')
    expect((await failure).message).toContain('no such table')
    expect(() => program.check()).toThrow('no such table')
  })

  it('starts a program again that was killed', async () => {
    const { program, pids, started } = await watch(STAYS, [0, 0])
    program.keepAlive()
    process.kill(program.pid(), 'SIGKILL')
    await started(2)

    expect(program.pid()).toBe(pids[1])
    expect(pids[1]).not.toBe(pids[0])
  })

  it('gives up on a program that keeps ending', async () => {
    const { program, pids, failure } = await watch(FAILS, [0, 0])
    program.keepAlive()

    expect((await failure).message).toContain('no such table')
    expect(pids).toHaveLength(3)
  })

  it('does not start a program again after the order to stop', async () => {
    const { program, pids, started } = await watch(STAYS, [60_000])
    program.keepAlive()
    process.kill(program.pid(), 'SIGKILL')
    await program.stop(1000)
    await started(1)

    expect(pids).toHaveLength(1)
  })

  it('kills a program that does not heed SIGTERM', async () => {
    const { program } = await watch(DEAF)
    const startMark = startMarkOf(program.pid()) ?? ''
    await program.stop(50)

    expect(isSameProcess(program.pid(), startMark)).toBe(false)
  })

  it('keeps the log of the run before', async () => {
    await writeFile(logFile, 'the run before\n')
    await (await watch(FAILS)).failure

    expect(await readFile(`${logFile}.1`, 'utf8')).toBe('the run before\n')
    expect(await readFile(logFile, 'utf8')).toBe('no such table\n')
  })
})
