import { randomBytes } from 'node:crypto'
import { consent } from '../music/consent.ts'

export interface Answer<T = unknown> {
  readonly status: number
  readonly body: T
  readonly headers: Headers
  readonly tookMs: number
}

export interface Call {
  readonly method?: string
  readonly token?: string
  readonly body?: unknown
  /** After this long the call is given up; what became of it is then unknown. */
  readonly timeoutMs?: number
}

export interface Session {
  readonly userId: string
  readonly accessToken: string
  readonly refreshToken: string
}

export interface Account extends Session {
  readonly email: string
  readonly password: string
}

const TIMEOUT_MS = 30_000

/** Asks an API. @throws when no whole answer came. */
export async function call<T = unknown>(
  base: string,
  path: string,
  { method = 'GET', token, body, timeoutMs = TIMEOUT_MS }: Call = {},
): Promise<Answer<T>> {
  const startedAt = performance.now()
  const answer = await fetch(`${base}${path}`, {
    method,
    headers: {
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(timeoutMs),
  })
  const text = await answer.text()
  const isJson = answer.headers.get('content-type')?.includes('json') === true
  return {
    status: answer.status,
    body: (isJson ? JSON.parse(text) : text) as T,
    headers: answer.headers,
    tookMs: performance.now() - startedAt,
  }
}

/** As `call`, when only this status will do. */
export async function demand<T>(
  base: string,
  path: string,
  options: Call & { status?: number } = {},
): Promise<T> {
  const { status = 200 } = options
  const answer = await call<T>(base, path, options)
  if (answer.status === status) return answer.body
  throw new Error(
    `${options.method ?? 'GET'} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`,
  )
}

export async function register(base: string): Promise<Account> {
  const email = `${randomBytes(6).toString('hex')}@example.org`
  const password = `pass-${randomBytes(8).toString('hex')}`
  const body = { email, password }
  const session = await demand<Session>(base, '/auth/register', {
    method: 'POST',
    body,
    status: 201,
  })
  return { ...session, email, password }
}

/** Links one of the sandbox's listeners to whoever the token names. */
export async function linkListener(base: string, token: string, listener: string): Promise<void> {
  const begun = await demand<{ authorizeUrl: string }>(base, '/auth/spotify/login', { token })
  const query = await consent(begun.authorizeUrl, listener)
  await demand(base, `/auth/spotify/callback?${query.toString()}`)
}
