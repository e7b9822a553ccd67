import { createInterface } from 'node:readline'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { compose, type System } from '#compose'
import { readConfig } from '#platform/config'
import { migrate } from '#platform/db'
import { createLogger } from '#platform/telemetry'
import { missingServer, type PostgresServer, startSystemPostgres } from '#servers'
import { exitOf, type Program, programs } from './program.ts'

const missing = missingServer('postgresql')
const SECRET = Buffer.alloc(32, 7).toString('base64')
const PATIENCE = { timeout: 60_000, interval: 250 }

describe.skipIf(missing)(`when PostgreSQL crashes${missing ? ` (${missing})` : ''}`, () => {
  const { start, folder, close } = programs()
  let server: PostgresServer
  let url: string
  let system: System

  beforeAll(async () => {
    server = await startSystemPostgres({ fsync: false })
    url = await server.createDatabase('music')
    await migrate(url)
    const secrets = { APP_SECRET: SECRET, TOKEN_ENCRYPTION_KEYS: `test:${SECRET}` }
    const config = readConfig({ ...environment(), ...secrets, DATA_DIR: folder })
    const logger = createLogger({ logLevel: 'silent' }, { service: 'test' })
    system = compose(config, { role: 'test', logger })
  })
  afterAll(async () => {
    await system?.close()
    await close()
    await server?.stop()
  })

  const environment = () => ({
    DATABASE_URL: url,
    METRICS_PORT: '0',
    WORKER_SCHEDULES: 'off',
    PUBLIC_URL: 'http://127.0.0.1:4000',
  })

  /** Has the worker run a job to its end. */
  async function runsJobs(): Promise<void> {
    const jobId = await system.jobs.run('music.expire', {})
    const state = async () => (await system.jobs.show(jobId ?? ''))?.state
    await expect.poll(state, PATIENCE).toBe('done')
  }

  /** Resolves at a log line like this. */
  function line(program: Program, pattern: RegExp): Promise<void> {
    return new Promise((resolve) => {
      createInterface(program.stdout).on('line', (text) => pattern.test(text) && resolve())
    })
  }

  const endedWell = async (program: Program) => {
    program.kill('SIGTERM')
    return exitOf(program)
  }

  it('a worker that starts meanwhile waits, and one that runs goes on', async () => {
    await server.shutDown('SIGQUIT')
    const worker = start(['worker'], environment())
    const running = line(worker, /worker is running/)
    await line(worker, /is not ready \(.+\), trying again/)
    await server.start()
    // As soon as it answers, and the start has begun: down again.
    await server.immediateRestart()
    await running

    await runsJobs()
    await server.immediateRestart()
    await runsJobs()
    expect(await endedWell(worker)).toBe(0)
  }, 120_000)

  it('a worker that waits for it ends when it is told to', async () => {
    await server.shutDown('SIGQUIT')
    const worker = start(['worker'], environment())
    await line(worker, /is not ready/)
    expect(await endedWell(worker)).toBe(0)
    await server.start()
  }, 60_000)
})
