import { AccountsError } from './spotify-error.ts'
import type { TokenAnswer, Tokens } from './tokens.ts'

type Fields = Readonly<Record<string, string | undefined>>

interface ClientSecrets {
  readonly clientId: string
  readonly clientSecret: string
}

interface Credentials {
  readonly id: string | undefined
  readonly secret: string | undefined
}

function credentialsOf(fields: Fields, authorization: string | undefined): Credentials {
  const basic = /^Basic\s+(\S+)$/i.exec(authorization ?? '')?.[1]
  if (basic === undefined) return { id: fields['client_id'], secret: fields['client_secret'] }
  const decoded = Buffer.from(basic, 'base64').toString('utf8')
  const colon = decoded.indexOf(':')
  if (colon < 0) return { id: decoded, secret: '' }
  return { id: decoded.slice(0, colon), secret: decoded.slice(colon + 1) }
}

/** @returns whether the client proved itself by its secret. @throws AccountsError `invalid_client` */
function authenticate({ id, secret }: Credentials, client: ClientSecrets): boolean {
  if (id !== client.clientId) throw new AccountsError('invalid_client', 'Invalid client')
  if (secret === undefined) return false
  if (secret !== client.clientSecret) {
    throw new AccountsError('invalid_client', 'Invalid client secret')
  }
  return true
}

function required(fields: Fields, name: string): string {
  const value = fields[name]
  if (value === undefined || value === '') {
    throw new AccountsError('invalid_request', `${name} must be supplied`)
  }
  return value
}

/**
 * Answers `POST /api/token` for its three grants.
 * @throws AccountsError as Spotify words it.
 */
export function answerTokenRequest(
  fields: Fields,
  authorization: string | undefined,
  { client, tokens }: { readonly client: ClientSecrets; readonly tokens: Tokens },
): TokenAnswer {
  const confidential = authenticate(credentialsOf(fields, authorization), client)
  const { clientId } = client
  switch (fields['grant_type']) {
    case 'authorization_code': {
      const codeVerifier = fields['code_verifier']
      return tokens.exchange({
        code: required(fields, 'code'),
        redirectUri: required(fields, 'redirect_uri'),
        clientId,
        confidential,
        ...(codeVerifier === undefined ? {} : { codeVerifier }),
      })
    }
    case 'refresh_token':
      return tokens.refresh(required(fields, 'refresh_token'), clientId, confidential)
    case 'client_credentials':
      if (!confidential) throw new AccountsError('invalid_client', 'Invalid client secret')
      return tokens.clientCredentials()
    case undefined:
      throw new AccountsError('unsupported_grant_type', 'grant_type parameter is missing')
    default:
      throw new AccountsError(
        'unsupported_grant_type',
        'grant_type must be client_credentials, authorization_code or refresh_token',
      )
  }
}
