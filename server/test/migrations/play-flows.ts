import { randomBytes } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { consent } from '../music/consent.ts'

/** Who is known to the server, from a run of the flows. */
export interface Played {
  email: string
  password: string
  accessToken: string
  /** What went wrong, as `step: status code`; nothing when all did well. */
  failures: string[]
  /** What was recommended, by title. */
  recommended: string[]
}

interface Answer {
  status: number
  body: unknown
}

const JSON_TYPE = { 'content-type': 'application/json' }

const ATTEMPTS = 8
const UNAVAILABLE = 503

/** A server that has too much to do says when to come again, which is no failure of a flow. */
async function call(url: string, init: RequestInit = {}, attempt = 1): Promise<Answer> {
  const answer = await fetch(url, { redirect: 'manual', ...init })
  const text = await answer.text()
  const retryAfterSeconds = Number(answer.headers.get('retry-after') ?? Number.NaN)
  if (answer.status === UNAVAILABLE && attempt < ATTEMPTS && retryAfterSeconds >= 0) {
    await delay(retryAfterSeconds * 1000)
    return call(url, init, attempt + 1)
  }
  const isJson = /json/.test(answer.headers.get('content-type') ?? '')
  return { status: answer.status, body: isJson ? JSON.parse(text) : text }
}

const post = (url: string, body: object, headers: Record<string, string> = {}) =>
  call(url, { method: 'POST', body: JSON.stringify(body), headers: { ...JSON_TYPE, ...headers } })

const field = (body: unknown, name: string): unknown =>
  typeof body === 'object' && body !== null ? Reflect.get(body, name) : undefined

const textOf = (body: unknown, name: string): string => {
  const value = field(body, name)
  return typeof value === 'string' ? value : ''
}

const titlesOf = (body: unknown): string[] => {
  const items = field(body, 'items')
  return Array.isArray(items)
    ? items.map((item: unknown) => textOf(field(item, 'track'), 'title'))
    : []
}

export const signIn = (url: string, email: string, password: string): Promise<Answer> =>
  post(`${url}/auth/login`, { email, password })

/** What a signed-in user is recommended in a language. */
export async function recommend(url: string, accessToken: string, lang = 'es') {
  const headers = { authorization: `Bearer ${accessToken}` }
  const answer = await post(`${url}/reco/by-language`, { lang, limit: 5 }, headers)
  return { ...answer, titles: titlesOf(answer.body) }
}

/**
 * Plays what users do with the API at `url`, over HTTP: from signing up to a song's words. Knows the
 * public contract only, so that any release can be played with. `listener`: one of the sandbox's
 * that nobody has linked.
 */
export async function playFlows(url: string, listener: string): Promise<Played> {
  const email = `${randomBytes(6).toString('hex')}@example.org`
  const password = `pass-${randomBytes(8).toString('hex')}`
  const failures: string[] = []
  const note = (step: string, answer: Answer): Answer => {
    const { status, body } = answer
    if (status >= 400) failures.push(`${step}: ${status} ${textOf(body, 'code')}`)
    return answer
  }

  note('register', await post(`${url}/auth/register`, { email, password }))
  const signedIn = note('login', await signIn(url, email, password))
  const refreshToken = textOf(signedIn.body, 'refreshToken')
  const renewed = note('refresh', await post(`${url}/auth/refresh`, { refreshToken }))
  const accessToken = textOf(renewed.body, 'accessToken')
  const authorization = { authorization: `Bearer ${accessToken}` }
  const get = (path: string) => call(`${url}${path}`, { headers: authorization })

  note(
    'change profile',
    await call(`${url}/users/me`, {
      method: 'PATCH',
      body: JSON.stringify({ displayName: 'Ana', preferredLanguages: ['es'] }),
      headers: { ...JSON_TYPE, ...authorization },
    }),
  )
  note('profile', await get('/users/me'))
  const begun = note('begin link', await get('/auth/spotify/login'))
  if (failures.length > 0) throw new Error(failures.join(', '))
  const query = await consent(textOf(begun.body, 'authorizeUrl'), listener)
  note('link', await call(`${url}/auth/spotify/callback?${query.toString()}`))
  note('top tracks', await get('/music/me/top/tracks'))
  const recommended = await recommend(url, accessToken)
  note('recommendations', recommended)
  note('lyrics', await get('/lyrics?artist=Mecano&title=Hijo%20de%20la%20luna'))
  return { email, password, accessToken, failures, recommended: recommended.titles }
}
