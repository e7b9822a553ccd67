import { identityRoutes, keySetRoutes } from '#domains/identity'
import { languageRoutes } from '#domains/language'
import { lyricsRoutes } from '#domains/lyrics'
import { linkRoutes, musicRoutes } from '#domains/music'
import { profileRoutes } from '#domains/profile'
import { recommendationRoutes } from '#domains/recommendations'
import {
  createHttpServer,
  docsRoutes,
  type Health,
  type HttpServer,
  serviceRoutes,
} from '#platform/http'
import type { Domains } from './domain-parts.ts'
import type { Platform } from './platform-parts.ts'

/** The API with every domain's routes, not yet listening. */
export async function apiServer(
  { config, logger, metrics, tracing }: Platform,
  domains: Domains,
  health: Health,
): Promise<HttpServer> {
  const { publicUrl } = config.http
  const app = await createHttpServer({
    config: config.http,
    logger,
    metrics,
    tracing: tracing.enabled,
    authenticate: domains.sessions.authenticate,
    userOf: domains.access.knownUser,
  })
  await app.register(serviceRoutes, { health })
  await app.register(docsRoutes)
  await app.register(keySetRoutes, domains)
  await app.register(identityRoutes, { prefix: '/auth', ...domains })
  await app.register(profileRoutes, { prefix: '/users', ...domains })
  await app.register(linkRoutes, { publicUrl, ...domains })
  await app.register(musicRoutes, { prefix: '/music', ...domains })
  await app.register(languageRoutes, { prefix: '/language', ...domains })
  await app.register(recommendationRoutes, { prefix: '/reco', ...domains })
  await app.register(lyricsRoutes, { prefix: '/lyrics', ...domains })
  return app
}
