import type { FastifyInstance, FastifyRequest } from 'fastify'
import { originOf } from '../http/origin.ts'
import { single } from '../http/parameters.ts'
import { base62Id, cursorPage, offsetPage, searchRequest, timeRange } from './api-parameters.ts'
import { authenticateBearer, requireAccount } from './bearer.ts'
import { closedRoutes } from './closed-routes.ts'
import { SpotifyError, spotifyErrorBody } from './spotify-error.ts'
import type { JsonObject, SpotifySource } from './spotify-source.ts'
import type { AccessGrant, Tokens } from './tokens.ts'

export interface ApiDependencies {
  readonly tokens: Tokens
  readonly source: SpotifySource
}

interface Call {
  readonly grant: AccessGrant
  readonly query: Record<string, string | undefined>
  readonly id: string | undefined
  readonly origin: string
}

function found(body: JsonObject | undefined): JsonObject {
  if (body === undefined) throw new SpotifyError(404, 'Resource not found')
  return body
}

function operations(source: SpotifySource): Record<string, (call: Call) => JsonObject> {
  const top = (type: 'tracks' | 'artists', { grant, query, origin }: Call) => {
    const account = requireAccount(grant, 'user-top-read')
    return source.top(account, type, timeRange(query), offsetPage(query), origin)
  }
  return {
    '/me': ({ grant, origin }) => source.me(requireAccount(grant), grant.scopes, origin),
    '/me/top/tracks': (call) => top('tracks', call),
    '/me/top/artists': (call) => top('artists', call),
    '/me/player/recently-played': ({ grant, query, origin }) => {
      const account = requireAccount(grant, 'user-read-recently-played')
      return source.recentlyPlayed(account, cursorPage(query), origin)
    },
    '/me/tracks': ({ grant, query, origin }) =>
      source.saved(requireAccount(grant, 'user-library-read'), offsetPage(query), origin),
    '/tracks/:id': ({ id, origin }) => found(source.track(base62Id(id), origin)),
    '/artists/:id': ({ id, origin }) => found(source.artist(base62Id(id), origin)),
    '/search': ({ query, origin }) => source.search(searchRequest(query), origin),
  }
}

function asSpotifyError(error: unknown): SpotifyError {
  if (error instanceof SpotifyError) return error
  const status = error instanceof Error && 'statusCode' in error ? Number(error.statusCode) : 500
  return status < 500
    ? new SpotifyError(status, 'Malformed request')
    : new SpotifyError(500, 'Server error')
}

/** The Web API, below `/v1`. */
export async function apiRoutes(app: FastifyInstance, { tokens, source }: ApiDependencies) {
  app.setErrorHandler((thrown, _request, reply) => {
    const error = asSpotifyError(thrown)
    if (error.status === 401) {
      reply.header(
        'www-authenticate',
        `Bearer realm="spotify", error="invalid_token", error_description="${error.message}"`,
      )
    }
    return reply.code(error.status).send(spotifyErrorBody(error))
  })
  app.setNotFoundHandler(() => {
    throw new SpotifyError(404, 'Service not found')
  })
  const callOf = (request: FastifyRequest): Call => ({
    grant: authenticateBearer(request.headers.authorization, tokens),
    query: single(request.query),
    id: single(request.params)['id'],
    origin: originOf(request),
  })
  for (const [path, operation] of Object.entries(operations(source))) {
    app.get(path, (request, reply) => {
      reply.header('cache-control', 'private, max-age=0')
      return operation(callOf(request))
    })
  }
  for (const { path, status, message } of closedRoutes) {
    app.get(path, (request) => {
      callOf(request)
      throw new SpotifyError(status, message)
    })
  }
}
