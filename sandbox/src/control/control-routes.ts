import type { FastifyInstance } from 'fastify'
import type { Catalogue, Track } from '../catalogue/catalogue.ts'
import { all } from '../http/parameters.ts'
import type { SpotifySource } from '../spotify/spotify-source.ts'
import type { Tokens } from '../spotify/tokens.ts'
import type { Fault, Faults } from './faults.ts'
import type { Traffic } from './traffic.ts'

export interface ControlDependencies {
  readonly faults: Faults
  readonly traffic: Traffic
  readonly tokens: Tokens
  readonly source: SpotifySource
  readonly catalogue: Catalogue
}

const FAULT_SCHEMA = {
  type: 'object',
  required: ['target', 'kind'],
  additionalProperties: false,
  properties: {
    target: { enum: ['spotify.api', 'spotify.token', 'spotify.accounts', 'genius'] },
    kind: { enum: ['slow', 'status', 'rate-limit', 'invalid-grant', 'malformed', 'hang', 'reset'] },
    match: { type: 'string', pattern: '^/' },
    delayMs: { type: 'integer', minimum: 0, maximum: 600_000 },
    status: { type: 'integer', minimum: 400, maximum: 599 },
    message: { type: 'string', minLength: 1, maxLength: 500 },
    retryAfterSeconds: { type: 'integer', minimum: 0 },
    times: { type: 'integer', minimum: 1 },
  },
} as const

function truthOf({ isrc, id, title, artistNames, languages }: Track) {
  return { isrc, spotify_id: id, title, artists: artistNames, languages }
}

function faultRoutes(app: FastifyInstance, faults: Faults) {
  app.get('/faults', () => ({ faults: faults.list() }))
  app.post<{ Body: Fault }>('/faults', { schema: { body: FAULT_SCHEMA } }, (request, reply) => {
    const fault = request.body
    if (fault.kind === 'invalid-grant' && fault.target !== 'spotify.token') {
      return reply.code(400).send({ error: 'invalid-grant is a fault of spotify.token only' })
    }
    faults.add(fault)
    return reply.code(201).send({ faults: faults.list() })
  })
  app.delete('/faults', (_request, reply) => {
    faults.clear()
    return reply.code(204).send()
  })
}

/** The tester's side door: faults, counts, tokens and the truth about languages. */
export async function controlRoutes(app: FastifyInstance, dependencies: ControlDependencies) {
  const { faults, traffic, tokens, source, catalogue } = dependencies
  faultRoutes(app, faults)

  app.get('/requests', () => traffic.report())
  app.delete('/requests', (_request, reply) => {
    traffic.clear()
    return reply.code(204).send()
  })

  app.get('/truth', (request) => {
    const isrcs = all(request.query, 'isrc')
    const ids = all(request.query, 'spotify_id')
    if (isrcs.length + ids.length === 0) {
      return { tracks: catalogue.tracks.map(truthOf), unknown: [] }
    }
    const asked = [
      ...isrcs.map((key) => ({ key, track: catalogue.trackByIsrc.get(key) })),
      ...ids.map((key) => ({ key, track: catalogue.trackById.get(key) })),
    ]
    return {
      tracks: asked.flatMap(({ track }) => (track === undefined ? [] : [truthOf(track)])),
      unknown: asked.filter(({ track }) => track === undefined).map(({ key }) => key),
    }
  })

  app.get('/listeners', () => ({ listeners: source.accounts }))
  app.post('/expire-access-tokens', () => ({ expired: tokens.expireAccessTokens() }))
  app.post<{ Body: { listener: string } }>(
    '/revoke',
    {
      schema: {
        body: {
          type: 'object',
          required: ['listener'],
          properties: { listener: { type: 'string' } },
        },
      },
    },
    (request, reply) => {
      const { listener } = request.body
      const account = source.accounts.find(({ id, login }) => id === listener || login === listener)
      if (account === undefined) return reply.code(404).send({ error: `no listener ${listener}` })
      return { revoked: tokens.revoke(account.id) }
    },
  )
}
