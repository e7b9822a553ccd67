import type { IncomingHttpHeaders } from 'node:http'
import { Type } from 'typebox'
import { callerOf, type Routes } from '#platform/http'
import { Credentials, KeySet, RefreshRequest, Tokens } from './identity.schemas.ts'
import type { Identity } from './identity.service.ts'
import type { SigningKeys } from './signing-keys.ts'

const tags = ['identity']
const userAgentOf = (headers: IncomingHttpHeaders) => headers['user-agent'] ?? ''

export const identityRoutes: Routes<{ identity: Identity }> = async (app, { identity }) => {
  app.post(
    '/register',
    {
      schema: {
        operationId: 'register',
        summary: 'Create an account and sign in',
        tags,
        body: Credentials,
        response: { 201: Tokens },
      },
      config: { access: 'public' },
    },
    async ({ body, headers }, reply) =>
      reply.status(201).send(await identity.register(body, userAgentOf(headers))),
  )

  app.post(
    '/login',
    {
      schema: {
        operationId: 'logIn',
        summary: 'Sign in with e-mail and password',
        tags,
        body: Credentials,
        response: { 200: Tokens },
      },
      config: { access: 'public' },
    },
    ({ body, headers }) => identity.logIn(body, userAgentOf(headers)),
  )

  app.post(
    '/refresh',
    {
      schema: {
        operationId: 'refreshTokens',
        summary: 'Exchange a refresh token for new tokens',
        tags,
        body: RefreshRequest,
        response: { 200: Tokens },
      },
      // Whoever cannot refresh is signed out, and comes back with a password to be hashed.
      config: { access: 'public', priority: 'critical' },
    },
    ({ body }) => identity.refresh(body.refreshToken),
  )

  app.post(
    '/logout',
    {
      schema: {
        operationId: 'logOut',
        summary: 'Sign out: the tokens of this sign-in stop working',
        tags,
        response: { 204: Type.Null() },
      },
      config: { access: { scope: 'profile:read' } },
    },
    async (request, reply) => {
      await identity.logOut(callerOf(request).sessionId)
      return reply.status(204).send(null)
    },
  )
}

export const keySetRoutes: Routes<{ keys: SigningKeys }> = async (app, { keys }) => {
  app.get(
    '/.well-known/jwks.json',
    {
      schema: {
        operationId: 'keySet',
        summary: 'The public keys that verify our access tokens',
        tags,
        response: { 200: KeySet },
      },
      config: {
        access: 'public',
        priority: 'critical',
        cache: { scope: 'public', maxAgeSeconds: 300 },
      },
    },
    async () => ({ keys: (await keys.load()).publicKeys.slice() }),
  )
}
