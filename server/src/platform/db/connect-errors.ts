import { errorCode } from '#platform/errors'

/**
 * Nobody mends these by waiting: a wrong name, a wrong password, a database that is not there, a
 * right that was not given.
 */
const OPERATOR_FAULT = /^(?:28|3D|42501)/
const PROTOCOL_VIOLATION = '08P01'
const CONNECTION_FAILURE = '08006'

const isSystemCode = (code: string) => code.startsWith('E')

/** Where a URL leads, without its password: `db.internal:5432`. */
export function addressOf(url: string): string {
  const { hostname, port } = new URL(url)
  return `${hostname || 'localhost'}:${port || '5432'}`
}

/** Whether an attempt to connect may succeed later by itself. */
export const mayPass = (error: unknown): boolean => {
  const code = errorCode(error)
  return code === undefined || isSystemCode(code) || !OPERATOR_FAULT.test(code)
}

/** A pooler that was not announced refuses our time-outs with words that help nobody. */
export function explained(error: unknown): unknown {
  const refused = error instanceof Error && /unsupported startup parameter/.test(error.message)
  if (!refused || errorCode(error) !== PROTOCOL_VIOLATION) return error
  return new Error(
    'a connection pooler answers at DATABASE_URL: set DATABASE_DIRECT_URL to the server itself',
    { cause: error },
  )
}

/** With PostgreSQL's own code for it, which node-postgres does not give. */
export const connectionLost = (message: string, cause?: unknown): Error =>
  Object.assign(new Error(message, { cause }), { code: CONNECTION_FAILURE })

export const isConnectionLost = (error: unknown): boolean => errorCode(error) === CONNECTION_FAILURE
