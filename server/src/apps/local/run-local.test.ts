import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { Client } from 'pg'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { sparePort } from '#servers'
import { statusOf } from './http-probe.ts'
import { type LocalState, type ProcessRecord, readProcesses, readState } from './state-files.ts'

const MAIN = resolve(import.meta.dirname, '../../main.ts')

type Started = ChildProcessByStdio<null, Readable, Readable>

let dataDir: string
let port: number
let running: Started | undefined

function start(): Started {
  const env = {
    PATH: '/usr/local/bin:/usr/bin:/bin',
    DATA_DIR: dataDir,
    PORT: String(port),
    // No sandbox: what is at stake here is the life of the processes.
    SPOTIFY_API_URL: 'http://127.0.0.1:9',
  }
  return spawn(process.execPath, [MAIN, 'start'], { env, stdio: ['ignore', 'pipe', 'pipe'] })
}

async function startUntilReady(): Promise<LocalState> {
  const child = start()
  running = child
  const errors = text(child.stderr)
  child.stdout.setEncoding('utf8')
  for await (const chunk of child.stdout as AsyncIterable<string>) {
    if (!chunk.includes('is ready')) continue
    child.stdout.resume()
    const state = await readState(dataDir)
    if (state) return state
  }
  throw new Error(`the system ended early: ${await errors}`)
}

async function end(child: Started, signal: NodeJS.Signals): Promise<unknown> {
  const exit = once(child, 'exit')
  child.kill(signal)
  return (await exit)[0]
}

async function query(url: string, statement: string): Promise<unknown[]> {
  const client = new Client(url)
  await client.connect()
  try {
    return (await client.query(statement)).rows
  } finally {
    await client.end()
  }
}

const isRunning = ({ pid }: ProcessRecord) => {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'run-local-'))
  // Or the database of a run as root would have to move elsewhere.
  await chmod(dataDir, 0o755)
  // API, metrics, metrics of the worker.
  port = await sparePort({ inARow: 3 })
})

afterAll(async () => {
  if (running?.exitCode === null) await end(running, 'SIGTERM')
  await rm(dataDir, { recursive: true })
})

it('serves, refuses a second start, survives the killing of its supervisor and stops clean', async () => {
  const first = await startUntilReady()
  await query(first.databaseUrl, 'create table kept as select 1 as n')
  expect(await statusOf(`${first.apiUrl}/health/ready`)).toBe(200)

  const second = start()
  const complaint = text(second.stderr)
  await once(second, 'exit')
  expect(second.exitCode).toBe(1)
  expect(await complaint).toContain(`with pid ${first.pid} at ${first.apiUrl}`)

  if (running) await end(running, 'SIGKILL')
  const third = await startUntilReady()
  expect(third.pid).not.toBe(first.pid)
  expect(await query(third.databaseUrl, 'select n from kept')).toEqual([{ n: 1 }])

  const programs = await readProcesses(dataDir)
  expect(programs.map(({ name }) => name)).toEqual(['api', 'worker'])
  expect(running && (await end(running, 'SIGTERM'))).toBe(0)
  expect(programs.filter(isRunning)).toEqual([])
  expect(await statusOf(`${third.apiUrl}/health/live`)).toBe(undefined)
  await expect(readFile(join(dataDir, 'local.json'))).rejects.toThrow('ENOENT')
}, 120_000)
