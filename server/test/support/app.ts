import { randomBytes } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { compose, type System } from '#compose'
import { type Config, readConfig } from '#platform/config'
import type { HttpServer } from '#platform/http'
import { createLogger, noTracing, type Tracing } from '#platform/telemetry'
import { createTestDatabase, type TestDatabase } from './database.ts'

export interface TestUser {
  userId: string
  email: string
  password: string
  accessToken: string
  refreshToken: string
  /** Headers that prove who is asking. */
  headers: { authorization: string }
}

export interface TestApp {
  app: HttpServer
  system: System
  config: Config
  database: TestDatabase
  /** Moves the system's clock, which stands still otherwise. */
  advanceSeconds(seconds: number): void
  /** Registers somebody new through the API. */
  register(): Promise<TestUser>
  close(): Promise<void>
}

export interface TestAppOptions {
  /** Variables on top of the usual ones of a test. */
  env?: Readonly<Record<string, string>>
  /** Receives each log line. */
  onLog?: (line: string) => void
  /** The clock's first time. Default: now. */
  startAt?: Date
  tracing?: Tracing
}

const secret = () => randomBytes(32).toString('base64')

/** The whole system on a database of its own; its HTTP side is called by `app.inject`. */
export async function createTestApp(options: TestAppOptions = {}): Promise<TestApp> {
  const database = await createTestDatabase()
  const config = readConfig({
    DATABASE_URL: database.url,
    DATA_DIR: join(tmpdir(), `music-language-test-${randomBytes(6).toString('hex')}`),
    APP_SECRET: secret(),
    TOKEN_ENCRYPTION_KEYS: `test:${secret()}`,
    PUBLIC_URL: 'http://127.0.0.1:4000',
    DATABASE_POOL_MAX: '8',
    ...options.env,
  })
  let nowMs = (options.startAt ?? new Date()).getTime()
  const { onLog } = options
  const logger =
    onLog === undefined
      ? createLogger({ logLevel: 'silent' }, { service: 'test' })
      : createLogger({ logLevel: 'info' }, { service: 'test' }, { write: onLog })
  const clock = { now: () => new Date(nowMs) }
  const { tracing = noTracing } = options
  const system = compose(config, { role: 'test', logger, clock, tracing })
  const app = await system.httpServer()

  return {
    app,
    system,
    config,
    database,
    advanceSeconds(seconds) {
      nowMs += seconds * 1000
    },
    register: () => registerUser(app),
    async close() {
      await app.close()
      await system.close()
      await database.drop()
      await rm(config.dataDir, { recursive: true, force: true })
    },
  }
}

async function registerUser(app: HttpServer): Promise<TestUser> {
  const email = `${randomBytes(6).toString('hex')}@example.org`
  const password = `pass-${randomBytes(8).toString('hex')}`
  const response = await app.inject({
    method: 'POST',
    url: '/auth/register',
    body: { email, password },
  })
  if (response.statusCode !== 201) throw new Error(`could not register: ${response.body}`)
  const tokens = response.json<{ userId: string; accessToken: string; refreshToken: string }>()
  return {
    ...tokens,
    email,
    password,
    headers: { authorization: `Bearer ${tokens.accessToken}` },
  }
}
