import { Client } from 'pg'
import { errorCode } from '#platform/errors'

/** How long a session may do what holds others up. */
export interface SessionLimits {
  statementTimeoutMs: number
  lockTimeoutMs: number
}

/** A transaction that was begun and forgotten holds its locks, and back the removal of dead rows. */
const IDLE_IN_TRANSACTION_MS = 30_000
const INSUFFICIENT_PRIVILEGE = '42501'

/** The settings' names are PostgreSQL's own; values in milliseconds. */
export function startupLimits({ statementTimeoutMs, lockTimeoutMs }: SessionLimits) {
  return {
    statement_timeout: statementTimeoutMs,
    // Longer would never be reached.
    lock_timeout: Math.min(statementTimeoutMs, lockTimeoutMs),
    idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_MS,
  }
}

export interface RoleLimits extends SessionLimits {
  /** What the service connects as and to: its role and its database are given the limits. */
  serviceUrl: string
  /** The server itself, as somebody who may set them: the same role will do. */
  directUrl: string
}

const roleIn = (url: string): string => decodeURIComponent(new URL(url).username)

/**
 * Makes the limits the defaults of the service's role in its database. A pooler in transaction mode
 * refuses them as startup parameters and shares what a session sets; the role's defaults hold in
 * every session that the pooler opens from then on, for every statement.
 * @throws Error when the role may not be changed.
 */
export async function limitRole({ serviceUrl, directUrl, ...limits }: RoleLimits): Promise<void> {
  const client = new Client({ connectionString: directUrl })
  // A break is told to the pending call too; unheard here it would end the process.
  client.on('error', () => undefined)
  await client.connect()
  try {
    const { rows } = await client.query<{ name: string; role: string }>(
      'select current_database() as name, current_user as role',
    )
    const [own] = rows
    const role = client.escapeIdentifier(roleIn(serviceUrl) || (own?.role ?? ''))
    const database = client.escapeIdentifier(own?.name ?? '')
    for (const [name, valueMs] of Object.entries(startupLimits(limits))) {
      await client.query(`alter role ${role} in database ${database} set ${name} = ${valueMs}`)
    }
  } catch (error) {
    if (errorCode(error) !== INSUFFICIENT_PRIVILEGE) throw error
    throw new Error(
      `the role of DATABASE_DIRECT_URL may not set the time-outs of "${roleIn(serviceUrl)}"`,
      { cause: error },
    )
  } finally {
    await client.end()
  }
}
