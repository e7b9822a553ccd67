import { realpath } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'
import { Client } from 'pg'
import { errorCode } from '#platform/errors'
import { SUPERUSER } from './create-cluster.ts'

const POLL_MS = 25
const CONNECT_TIMEOUT_MS = 2_000
/** "The database system is starting up" or "shutting down". */
const CANNOT_CONNECT_NOW = '57P03'
const DUPLICATE_DATABASE = '42P04'
/** Where nobody connects to work, so that any other database can be created or dropped from it. */
const MAINTENANCE_DATABASE = 'postgres'

export function serverUrl(port: number, password: string, database = MAINTENANCE_DATABASE): string {
  return `postgres://${SUPERUSER}:${encodeURIComponent(password)}@127.0.0.1:${port}/${encodeURIComponent(database)}`
}

async function withClient<T>(url: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({
    connectionString: url,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
  })
  // A server that stops meanwhile also reports to the pending call; unheard it would end us.
  client.on('error', () => undefined)
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end().catch(() => undefined)
  }
}

/** `ready`: answers, and serves this very cluster. `other`: something else answers at that port. */
export type Answer = 'ready' | 'starting' | 'silent' | 'other'

async function askServer(url: string, cluster: string): Promise<Answer> {
  try {
    return await withClient(url, async (client) => {
      const { rows } = await client.query<{ directory: string }>(
        `select current_setting('data_directory') as directory`,
      )
      const directory = rows[0]?.directory ?? ''
      return (await realpath(directory).catch(() => '')) === cluster ? 'ready' : 'other'
    })
  } catch (error) {
    const code = errorCode(error)
    if (code === CANNOT_CONNECT_NOW) return 'starting'
    // Five capitals or digits: an answer in PostgreSQL's protocol, for instance a refused password.
    return code !== undefined && /^[0-9A-Z]{5}$/.test(code) && !code.startsWith('E')
      ? 'other'
      : 'silent'
  }
}

/** Asks until the server is ready or `isOver` says that it never will be; true when ready. */
export async function waitForServer(
  url: string,
  cluster: string,
  isOver: () => boolean,
): Promise<boolean> {
  while (!isOver()) {
    if ((await askServer(url, cluster)) === 'ready') return true
    await delay(POLL_MS)
  }
  return false
}

export async function ensureDatabases(url: string, names: readonly string[]): Promise<void> {
  if (names.length === 0) return
  await withClient(url, async (client) => {
    for (const name of names) {
      const found = await client.query('select 1 from pg_database where datname = $1', [name])
      if (found.rowCount === 0) await createDatabase(client, name)
    }
  })
}

async function createDatabase(client: Client, name: string): Promise<void> {
  try {
    await client.query(`create database ${client.escapeIdentifier(name)}`)
  } catch (error) {
    if (errorCode(error) !== DUPLICATE_DATABASE) throw error
  }
}
