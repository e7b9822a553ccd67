import { createHash } from 'node:crypto'

export const REDIRECT_URI = 'http://127.0.0.1:8080/callback'
const CLIENT = { id: 'sandbox-client', secret: 'sandbox-secret' }
export const ALL_SCOPES =
  'user-top-read user-read-recently-played user-library-read user-read-private user-read-email'
export const VERIFIER = 'a-verifier-of-at-least-forty-three-characters-long'
export const CHALLENGE = createHash('sha256').update(VERIFIER).digest('base64url')

export interface TokenBody {
  access_token: string
  token_type: string
  scope: string
  expires_in: number
  refresh_token?: string
}

/** What a script does with the consent page: keep the hidden fields, choose, send. */
function formFields(html: string): URLSearchParams {
  const fields = new URLSearchParams()
  for (const [, name = '', value = ''] of html.matchAll(
    /type="hidden" name="([^"]*)" value="([^"]*)"/g,
  )) {
    fields.set(name, value.replaceAll('&amp;', '&'))
  }
  return fields
}

export function authorizeUrl(url: string, parameters: Record<string, string> = {}): string {
  const query = new URLSearchParams({
    client_id: CLIENT.id,
    response_type: 'code',
    redirect_uri: REDIRECT_URI,
    scope: ALL_SCOPES,
    state: 'a state & more',
    ...parameters,
  })
  return `${url}/spotify/accounts/authorize?${query.toString()}`
}

async function listenerId(url: string, login: string): Promise<string> {
  const answer = await fetch(`${url}/control/listeners`)
  const { listeners } = (await answer.json()) as { listeners: Array<{ id: string; login: string }> }
  const found = listeners.find((listener) => listener.login === login)
  if (found === undefined) throw new Error(`no listener ${login}`)
  return found.id
}

/** Opens the consent page and agrees. @returns where the browser is sent. */
export async function consent(
  url: string,
  login: string,
  parameters: Record<string, string> = {},
  decision = 'agree',
): Promise<URL> {
  const page = await fetch(authorizeUrl(url, parameters))
  const fields = formFields(await page.text())
  fields.set('account', await listenerId(url, login))
  fields.set('decision', decision)
  const answer = await fetch(`${url}/spotify/accounts/authorize`, {
    method: 'POST',
    body: fields,
    redirect: 'manual',
  })
  return new URL(answer.headers.get('location') ?? '')
}

export function tokenRequest(
  url: string,
  fields: Record<string, string>,
  confidential = true,
): Promise<Response> {
  const basic = Buffer.from(`${CLIENT.id}:${CLIENT.secret}`).toString('base64')
  return fetch(`${url}/spotify/accounts/api/token`, {
    method: 'POST',
    body: new URLSearchParams(confidential ? fields : { client_id: CLIENT.id, ...fields }),
    headers: confidential ? { authorization: `Basic ${basic}` } : {},
  })
}

/** The whole way from the consent page to the tokens. */
export async function signIn(url: string, login: string, scope = ALL_SCOPES): Promise<TokenBody> {
  const back = await consent(url, login, { scope })
  const answer = await tokenRequest(url, {
    grant_type: 'authorization_code',
    code: back.searchParams.get('code') ?? '',
    redirect_uri: REDIRECT_URI,
  })
  return (await answer.json()) as TokenBody
}

export function api(url: string, path: string, token?: string): Promise<Response> {
  const headers: Record<string, string> = {}
  if (token !== undefined) headers['authorization'] = `Bearer ${token}`
  return fetch(`${url}/spotify/api/v1${path}`, { headers })
}

export function genius(
  url: string,
  path: string,
  token = 'sandbox-genius-token',
): Promise<Response> {
  return fetch(`${url}/genius${path}`, { headers: { authorization: `Bearer ${token}` } })
}

export function control(url: string, path: string, body: unknown): Promise<Response> {
  return fetch(`${url}/control${path}`, {
    method: 'POST',
    body: JSON.stringify(body),
    headers: { 'content-type': 'application/json' },
  })
}
