import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { compose, type System } from '#compose'
import { readConfig } from '#platform/config'
import type { HttpServer } from '#platform/http'
import { createLogger } from '#platform/telemetry'
import { createTestDatabase } from '#test'

/** A part of an installation: a system, and the server that it answers with. */
interface Part {
  system: System
  app: HttpServer
  /** Where it listens. */
  url: string
  lines: string[]
  close(): Promise<void>
}

export interface RecoPair {
  folder: string
  /** Serves recommendations alone; port 0 takes any free one. */
  reco(env?: Record<string, string>, port?: number): Promise<Part>
  api(env?: Record<string, string>): Promise<Part>
  close(): Promise<void>
}

const secret = () => randomBytes(32).toString('base64')

/** Processes of one installation, each with a memory of its own, on one database. */
export async function recoPair(): Promise<RecoPair> {
  const database = await createTestDatabase()
  const folder = await mkdtemp(join(tmpdir(), 'reco-pair-'))
  const shared = {
    DATABASE_URL: database.url,
    DATABASE_POOL_MAX: '6',
    DATA_DIR: folder,
    APP_SECRET: secret(),
    TOKEN_ENCRYPTION_KEYS: `test:${secret()}`,
    PUBLIC_URL: 'http://127.0.0.1:4000',
  }
  const parts: Part[] = []

  async function start(role: 'api' | 'reco', env: Record<string, string>, port: number) {
    const lines: string[] = []
    const logger = createLogger(
      { logLevel: 'info' },
      { service: role },
      { write: (line) => void lines.push(line) },
    )
    const system = compose(readConfig({ ...shared, ...env }), { role, logger })
    const app = role === 'reco' ? await system.recoServer() : await system.httpServer()
    const url = await app.listen({ host: '127.0.0.1', port })
    let isOpen = true
    const part: Part = {
      system,
      app,
      url,
      lines,
      async close() {
        if (!isOpen) return
        isOpen = false
        await app.close()
        await system.close()
      },
    }
    parts.push(part)
    return part
  }

  return {
    folder,
    reco: (env = {}, port = 0) => start('reco', env, port),
    api: (env = {}) => start('api', env, 0),
    async close() {
      for (const part of parts) await part.close()
      await database.drop()
      await rm(folder, { recursive: true })
    },
  }
}

export interface Caller {
  userId: string
  headers: { authorization: string }
}

/** Registers somebody new. */
export async function registerAt({ app }: Pick<Part, 'app'>): Promise<Caller> {
  const body = { email: `${randomBytes(6).toString('hex')}@example.org`, password: secret() }
  const answer = await app.inject({ method: 'POST', url: '/auth/register', body })
  if (answer.statusCode !== 201) throw new Error(`could not register: ${answer.body}`)
  const { userId, accessToken } = answer.json<{ userId: string; accessToken: string }>()
  return { userId, headers: { authorization: `Bearer ${accessToken}` } }
}

/** Asks an API for songs in a language. */
export const songs = (
  { app }: Pick<Part, 'app'>,
  { headers }: Caller,
  lang: string,
  more: Record<string, string> = {},
) =>
  app.inject({
    method: 'POST',
    url: '/reco/by-language',
    headers: { ...headers, ...more },
    body: { lang, limit: 10 },
  })
