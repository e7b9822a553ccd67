import { randomBytes } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { compose } from '#compose'
import { type Config, readConfig } from '#platform/config'
import { createLogger } from '#platform/telemetry'
import { createTestDatabase, type TestDatabase } from '#test'
import { type FaultProxy, startFaultProxy } from '../../test/faults/fault-proxy.ts'

const CUTS = 12
const CUT_EVERY_MS = 150

let database: TestDatabase
let proxy: FaultProxy
let config: Config

beforeAll(async () => {
  database = await createTestDatabase()
  proxy = await startFaultProxy({ targetPort: Number(new URL(database.url).port) })
  config = configOf({})
})
afterAll(async () => {
  await proxy.close()
  await database.drop()
  await rm(config.dataDir, { recursive: true, force: true })
})

const secret = () => randomBytes(32).toString('base64')

function configOf(url: Partial<Pick<URL, 'pathname'>>): Config {
  const proxied = Object.assign(new URL(database.url), { port: String(proxy.port), ...url })
  return readConfig({
    DATABASE_URL: proxied.href,
    DATA_DIR: join(tmpdir(), `music-language-test-${randomBytes(6).toString('hex')}`),
    APP_SECRET: secret(),
    TOKEN_ENCRYPTION_KEYS: `test:${secret()}`,
    PUBLIC_URL: 'http://127.0.0.1:4000',
  })
}

function system(settings = config) {
  const lines: string[] = []
  const write = (line: string) => void lines.push(line)
  const logger = createLogger({ logLevel: 'warn' }, { service: 'test' }, { write })
  return { lines, ...compose(settings, { role: 'worker', logger }) }
}

describe('a worker that starts while its connections are cut', () => {
  it('says so, starts anew, and runs jobs then', async () => {
    const { lines, close, jobWorker, jobs } = system()
    let cuts = 0
    // Each a little later into a start that begins anew: whatever a start does is hit some time.
    const cutting = setInterval(() => {
      if (proxy.connections() === 0) return
      proxy.resetAll()
      cuts += 1
      if (cuts === CUTS) clearInterval(cutting)
    }, CUT_EVERY_MS)
    const worker = await jobWorker()
    clearInterval(cutting)
    expect(lines.join()).toMatch(/PostgreSQL at 127\.0\.0\.1:\d+ is not ready \(.+\), trying again/)
    const listed = () => jobs.list({ job: 'music.expire', state: 'done', limit: 1 })
    await expect.poll(listed, { timeout: 15_000 }).toHaveLength(1)
    await worker.stop()
    await close()
    await expect.poll(() => proxy.connections(), { timeout: 5_000 }).toBe(0)
  }, 90_000)

  it('ends the wait when it is told to', async () => {
    proxy.set({ refuse: true })
    const { lines, close, jobWorker } = system()
    const told = new AbortController()
    const started = jobWorker(told.signal)
    await expect.poll(() => lines.length, { timeout: 10_000 }).toBeGreaterThan(0)
    told.abort()
    await expect(started).rejects.toThrow('aborted')
    proxy.set({})
    await close()
  })

  it('does not wait for what waiting does not mend', async () => {
    const { lines, close, jobWorker } = system(configOf({ pathname: '/nowhere' }))
    await expect(jobWorker()).rejects.toThrow('refuses us: database "nowhere" does not exist')
    expect(lines).toEqual([])
    await close()
  })
})
