import {
  INTERNAL_PREFIX,
  INTERNAL_SCOPE,
  internalRecommendationRoutes,
} from '#domains/recommendations'
import {
  type Authenticate,
  createHttpServer,
  type Health,
  type HttpServer,
  type ServerTls,
  serviceRoutes,
} from '#platform/http'
import { serviceGuard } from '#platform/service-auth'
import type { Domains } from './domain-parts.ts'
import { readPemFiles } from './pem-files.ts'
import type { Platform } from './platform-parts.ts'

/** Who may ask for recommendations: the processes that serve users. */
const CALLERS = ['api']

/** Recommendations alone, for our own processes. Not yet listening. */
export async function recoServer(
  platform: Platform,
  { recommendations }: Domains,
  health: Health,
): Promise<HttpServer> {
  const { config, logger, metrics, tracing } = platform
  const tls = await serverTls(platform)
  const app = await createHttpServer({
    config: config.http,
    logger,
    metrics,
    tracing: tracing.enabled,
    authenticate: authenticateService(platform),
    ...(tls !== undefined && { tls }),
  })
  await app.register(serviceRoutes, { health })
  await app.register(internalRecommendationRoutes, { prefix: INTERNAL_PREFIX, recommendations })
  return app
}

/** The user whom a signed token names, with no right but this one. */
function authenticateService({ config, clock }: Platform): Authenticate {
  const { appSecret } = config.secrets
  const guard = serviceGuard({ appSecret, audience: 'reco', callers: CALLERS, clock })
  const scopes = new Set([INTERNAL_SCOPE])
  return async (token, asked) => {
    const { userId, caller, requireBody } = await guard.verify(token, asked)
    return { userId, sessionId: '', role: caller, scopes, requireBody }
  }
}

async function serverTls({ config }: Platform): Promise<ServerTls | undefined> {
  const { tls } = config.reco
  if (tls === undefined) return undefined
  const pem = await readPemFiles({
    RECO_TLS_CERT_FILE: tls.certFile,
    RECO_TLS_KEY_FILE: tls.keyFile,
    RECO_TLS_CA_FILE: tls.caFile,
  })
  return {
    cert: pem.RECO_TLS_CERT_FILE ?? '',
    key: pem.RECO_TLS_KEY_FILE ?? '',
    ca: pem.RECO_TLS_CA_FILE,
  }
}
