import { SCOPES } from './scopes.ts'

/** What the client asks for on the consent page. */
export interface AuthorizeRequest {
  readonly clientId: string
  readonly redirectUri: string
  readonly scope: string
  readonly state?: string
  readonly codeChallenge?: string
}

export interface ClientRegistration {
  readonly clientId: string
  /** Exact URIs; none = every loopback address, as a developer would register them. */
  readonly redirectUris: readonly string[]
}

type Fields = Readonly<Record<string, string | undefined>>

const LOOPBACK_HOSTS = new Set(['127.0.0.1', '[::1]'])

/**
 * Spotify's rule since April 2025: HTTPS, or HTTP on a loopback address literal
 * (https://developer.spotify.com/documentation/web-api/concepts/redirect_uri).
 */
function redirectFault(uri: string | undefined, registered: readonly string[]): string | undefined {
  if (uri === undefined || !URL.canParse(uri)) return 'INVALID_CLIENT: Invalid redirect URI'
  const { protocol, hostname } = new URL(uri)
  const loopback = protocol === 'http:' && LOOPBACK_HOSTS.has(hostname)
  if (protocol === 'http:' && !loopback) return 'INVALID_CLIENT: Insecure redirect URI'
  const known = registered.length > 0 ? registered.includes(uri) : loopback
  return known ? undefined : 'INVALID_CLIENT: Invalid redirect URI'
}

function challengeFault({ code_challenge_method: method, code_challenge: challenge }: Fields) {
  if (challenge === undefined && method === undefined) return undefined
  if (method !== 'S256') return 'code_challenge_method must be S256'
  return /^[\w-]{43}$/.test(challenge ?? '') ? undefined : 'Invalid code_challenge'
}

/**
 * Reads the parameters of `/authorize`.
 * @returns the request, or the text that Spotify's page shows with status 400.
 */
export function readAuthorizeRequest(
  fields: Fields,
  { clientId, redirectUris }: ClientRegistration,
): AuthorizeRequest | string {
  if (fields['client_id'] === undefined) return 'Missing required parameter: client_id'
  if (fields['client_id'] !== clientId) return 'INVALID_CLIENT: Invalid client'
  const redirectUri = fields['redirect_uri']
  if (redirectUri === undefined) return 'Missing required parameter: redirect_uri'
  const fault = redirectFault(redirectUri, redirectUris)
  if (fault !== undefined) return fault
  if (fields['response_type'] !== 'code') return 'response_type must be code'
  const scope = (fields['scope'] ?? '').trim().split(/\s+/).join(' ')
  const unknown = scope.split(' ').filter((name) => name !== '' && !SCOPES.has(name))
  if (unknown.length > 0) return 'INVALID_SCOPE: Invalid scope'
  const wrongChallenge = challengeFault(fields)
  if (wrongChallenge !== undefined) return wrongChallenge
  const { state, code_challenge: codeChallenge } = fields
  return {
    clientId,
    redirectUri,
    scope,
    ...(state === undefined ? {} : { state }),
    ...(codeChallenge === undefined ? {} : { codeChallenge }),
  }
}
