import formbody from '@fastify/formbody'
import type { FastifyInstance } from 'fastify'
import { single } from '../http/parameters.ts'
import { type ClientRegistration, readAuthorizeRequest } from './authorize-request.ts'
import { consentPage } from './consent-page.ts'
import { escapeHtml, htmlPage } from './html.ts'
import { AccountsError } from './spotify-error.ts'
import type { SpotifySource } from './spotify-source.ts'
import { answerTokenRequest } from './token-request.ts'
import type { Tokens } from './tokens.ts'

export interface AccountsDependencies {
  readonly client: ClientRegistration & { readonly clientSecret: string }
  readonly tokens: Tokens
  readonly source: SpotifySource
}

function refusal(message: string): string {
  return htmlPage('Error', `<p>${escapeHtml(message)}</p>`)
}

function returnTo(redirectUri: string, parameters: Record<string, string | undefined>): string {
  const url = new URL(redirectUri)
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== undefined) url.searchParams.set(name, value)
  }
  return url.href
}

function consentRoutes(app: FastifyInstance, { client, tokens, source }: AccountsDependencies) {
  app.get('/authorize', (request, reply) => {
    const wanted = readAuthorizeRequest(single(request.query), client)
    reply.type('text/html; charset=utf-8').header('cache-control', 'no-store')
    reply.header(
      'content-security-policy',
      "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'",
    )
    if (typeof wanted === 'string') return reply.code(400).send(refusal(wanted))
    return reply.send(consentPage(wanted, source.accounts))
  })

  app.post('/authorize', (request, reply) => {
    const fields = single(request.body)
    const wanted = readAuthorizeRequest(fields, client)
    reply.type('text/html; charset=utf-8')
    if (typeof wanted === 'string') return reply.code(400).send(refusal(wanted))
    const { redirectUri, state } = wanted
    if (fields['decision'] === 'cancel') {
      return reply.redirect(returnTo(redirectUri, { error: 'access_denied', state }))
    }
    const account = source.accounts.find(({ id }) => id === fields['account'])
    if (fields['decision'] !== 'agree' || account === undefined) {
      return reply.code(400).send(refusal('Choose a listener, then Agree or Cancel'))
    }
    const code = tokens.authorize({ ...wanted, accountId: account.id })
    return reply.redirect(returnTo(redirectUri, { code, state }))
  })
}

/** The accounts service: the consent page and the token endpoint. */
export async function accountsRoutes(app: FastifyInstance, dependencies: AccountsDependencies) {
  await app.register(formbody)
  app.setErrorHandler((error, _request, reply) => {
    if (error instanceof AccountsError) {
      return reply.code(400).send({ error: error.error, error_description: error.message })
    }
    const status = error instanceof Error && 'statusCode' in error ? Number(error.statusCode) : 500
    if (status >= 500) return reply.code(500).send({ error: 'server_error' })
    return reply.code(status).send({ error: 'invalid_request', error_description: 'Bad request' })
  })
  consentRoutes(app, dependencies)
  app.post('/api/token', (request, reply) => {
    reply.header('cache-control', 'no-store')
    return answerTokenRequest(single(request.body), request.headers.authorization, dependencies)
  })
}
