import { type Recommender, recoClient, remoteRecommendations } from '#domains/recommendations'
import { serviceCaller } from '#platform/service-auth'
import type { Domains } from './domain-parts.ts'
import { readPemFiles } from './pem-files.ts'
import type { Platform } from './platform-parts.ts'

/** Whoever answers users' requests for recommendations: this process, or those at `RECO_URL`. */
export async function recommenderOf(
  platform: Platform,
  domains: Domains,
): Promise<{ recommendations: Recommender; close(): Promise<void> }> {
  const { config, clock, cache, metrics } = platform
  const { remoteUrl, clientTls } = config.reco
  if (remoteUrl === undefined) {
    return { recommendations: domains.recommendations, close: async () => {} }
  }
  const pem = await readPemFiles({
    RECO_CLIENT_CERT_FILE: clientTls.certFile,
    RECO_CLIENT_KEY_FILE: clientTls.keyFile,
    RECO_CLIENT_CA_FILE: clientTls.caFile,
  })
  const { appSecret } = config.secrets
  const client = recoClient({
    baseUrl: remoteUrl,
    tls: {
      cert: pem.RECO_CLIENT_CERT_FILE,
      key: pem.RECO_CLIENT_KEY_FILE,
      ca: pem.RECO_CLIENT_CA_FILE,
    },
    caller: serviceCaller({ appSecret, caller: 'api', audience: 'reco', clock }),
    metrics,
  })
  const { listened: music, profile } = domains
  return {
    recommendations: remoteRecommendations({ client, cache, music, profile }),
    close: client.close,
  }
}
