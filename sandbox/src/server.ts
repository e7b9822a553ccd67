import fastify, { type FastifyInstance } from 'fastify'
import type { Catalogue } from './catalogue/catalogue.ts'
import { applyFault } from './control/apply-fault.ts'
import { controlRoutes } from './control/control-routes.ts'
import { faults } from './control/faults.ts'
import { addressed, traffic } from './control/traffic.ts'
import { geniusRoutes } from './genius/genius-routes.ts'
import type { GeniusSource } from './genius/genius-source.ts'
import { imageRoutes } from './http/image-routes.ts'
import { accountsRoutes } from './spotify/accounts-routes.ts'
import { apiRoutes } from './spotify/api-routes.ts'
import type { SpotifySource } from './spotify/spotify-source.ts'
import { tokens } from './spotify/tokens.ts'

export interface ServerDependencies {
  readonly spotify: SpotifySource
  readonly genius: GeniusSource
  readonly catalogue: Catalogue
  readonly client: {
    readonly clientId: string
    readonly clientSecret: string
    readonly redirectUris: readonly string[]
  }
  readonly geniusToken: string
  readonly now: () => Date
  readonly accessTokenTtlSeconds: number
}

/** Puts the providers below their prefixes on one server that does not listen yet. */
export async function buildServer(dependencies: ServerDependencies): Promise<FastifyInstance> {
  const { spotify, genius, catalogue, client, geniusToken, now } = dependencies
  // A hanging answer must not keep the server from closing.
  const app = fastify({ forceCloseConnections: true, routerOptions: { ignoreTrailingSlash: true } })
  const seen = traffic()
  const planned = faults()
  const issued = tokens({ now, accessTokenTtlSeconds: dependencies.accessTokenTtlSeconds })

  app.addHook('onRequest', async (request, reply) => {
    const about = addressed(request.url)
    if (about === undefined) return
    const fault = planned.take(about)
    const { method } = request
    seen.record({ ...about, method, at: now().toISOString(), fault: fault?.kind ?? null })
    if (fault !== undefined) await applyFault(fault, request, reply)
  })

  await app.register(accountsRoutes, {
    prefix: '/spotify/accounts',
    client,
    tokens: issued,
    source: spotify,
  })
  await app.register(apiRoutes, { prefix: '/spotify/api/v1', tokens: issued, source: spotify })
  await app.register(geniusRoutes, { prefix: '/genius', source: genius, token: geniusToken })
  await app.register(controlRoutes, {
    prefix: '/control',
    faults: planned,
    traffic: seen,
    tokens: issued,
    source: spotify,
    catalogue,
  })
  await app.register(imageRoutes, { prefix: '/images' })
  return app
}
