import { Client } from 'pg'

/**
 * Texts that mean the same on every server, and none of the limits that a role has for requests:
 * a copy takes as long as it takes. A migration that holds a table is not waited for for ever.
 */
const SETTINGS = [
  'set statement_timeout = 0',
  'set idle_in_transaction_session_timeout = 0',
  "set lock_timeout = '30s'",
  "set client_encoding = 'UTF8'",
  "set datestyle = 'ISO, YMD'",
  "set intervalstyle = 'postgres'",
  "set timezone = 'UTC'",
  'set extra_float_digits = 1',
  "set bytea_output = 'hex'",
  // Rows that a policy hides must be an error, not a gap.
  'set row_security = off',
  'set search_path = public',
]

const TRANSACTION_TIMEOUT_SINCE = 170_000

/** A connection of its own to the server itself, set up for copying. */
async function openSession(url: string): Promise<Client> {
  const client = new Client({ connectionString: url, application_name: 'music-language backup' })
  // Told to the pending call as well; unheard it would end the process.
  client.on('error', () => undefined)
  await client.connect()
  for (const setting of SETTINGS) await client.query(setting)
  const { rows } = await client.query<{ version: string }>(
    `select current_setting('server_version_num') as version`,
  )
  if (Number(rows[0]?.version) >= TRANSACTION_TIMEOUT_SINCE) {
    await client.query('set transaction_timeout = 0')
  }
  return client
}

/** Runs the work with a session that is closed afterwards. */
export async function withSession<T>(
  url: string,
  work: (client: Client) => Promise<T>,
): Promise<T> {
  const client = await openSession(url)
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}

/** All of the work, or nothing of it. */
export async function inTransaction<T>(client: Client, work: () => Promise<T>): Promise<T> {
  await client.query('begin')
  try {
    const result = await work()
    await client.query('commit')
    return result
  } catch (error) {
    await client.query('rollback').catch(() => undefined)
    throw error
  }
}
