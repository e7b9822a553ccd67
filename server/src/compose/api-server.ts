import { analyticsRoutes } from '#domains/analytics'
import { identityRoutes, keySetRoutes } from '#domains/identity'
import { languageRoutes } from '#domains/language'
import { lyricsRoutes } from '#domains/lyrics'
import { linkRoutes, musicRoutes } from '#domains/music'
import { consentRoutes, profileRoutes } from '#domains/profile'
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
import { recommenderOf } from './recommender.ts'

/** The API with every domain's routes, not yet listening. */
export async function apiServer(
  platform: Platform,
  domains: Domains,
  health: Health,
): Promise<HttpServer> {
  const { config, logger, metrics, tracing } = platform
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
  await app.register(consentRoutes, { prefix: '/users', ...domains })
  await app.register(linkRoutes, { publicUrl, ...domains })
  await app.register(musicRoutes, { prefix: '/music', ...domains })
  await app.register(languageRoutes, { prefix: '/language', ...domains })
  const { recommendations, close } = await recommenderOf(platform, domains)
  app.addHook('onClose', close)
  await app.register(recommendationRoutes, { prefix: '/reco', recommendations })
  await app.register(lyricsRoutes, { prefix: '/lyrics', ...domains })
  await app.register(analyticsRoutes, { prefix: '/analytics', ...domains })
  return app
}
