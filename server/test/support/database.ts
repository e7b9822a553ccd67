import { randomBytes } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { Client } from 'pg'
import { inject } from 'vitest'
import { errorCode } from '#platform/errors'

/** What the run's set-up tells every test file. */
export interface TestServer {
  /** Of a role that may create databases, connected to none of the test databases. */
  readonly adminUrl: string
  /** A migrated database that accepts no connections, only copies. */
  readonly template: string
  /** Part of every database name of this run. */
  readonly runId: string
}

/** Why there is no server: told by each test that needs one, so that all others still run. */
export interface NoTestServer {
  readonly failure: string
}

declare module 'vitest' {
  interface ProvidedContext {
    testServer: TestServer | NoTestServer
  }
}

export interface TestDatabase {
  readonly url: string
  readonly drop: () => Promise<void>
}

export const TEST_PREFIX = 'ml_test_'

/** "Source database is being accessed by other users": a vacuum may look at the template. */
const OBJECT_IN_USE = '55006'
const ATTEMPTS = 10
const RETRY_MS = 100

export async function withAdmin<T>(url: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}

export function urlOfDatabase(adminUrl: string, name: string): string {
  const url = new URL(adminUrl)
  url.pathname = `/${name}`
  return url.href
}

async function copyTemplate(client: Client, name: string, template: string): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await client.query(`create database ${name} template ${template}`)
      return
    } catch (error) {
      if (errorCode(error) !== OBJECT_IN_USE || attempt === ATTEMPTS) throw error
      await delay(RETRY_MS)
    }
  }
}

/** A migrated, empty database for one test file; call `drop` when the file's connections are closed. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const server = inject('testServer')
  if ('failure' in server) throw new Error(`There is no test database: ${server.failure}`)
  const { adminUrl, template, runId } = server
  const name = `${TEST_PREFIX}${runId}_${randomBytes(5).toString('hex')}`
  await withAdmin(adminUrl, (client) => copyTemplate(client, name, template))
  return {
    url: urlOfDatabase(adminUrl, name),
    drop: () =>
      withAdmin(adminUrl, async (client) => {
        await client.query(`drop database if exists ${name} with (force)`)
      }),
  }
}
