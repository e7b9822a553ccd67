/** Spotify as a music provider: accounts service and Web API. */
import type { MusicProvider } from '#domains/music'
import type { SpotifyConfig } from '#platform/config'
import { providerClient } from '#platform/outbound'
import type { Metrics } from '#platform/telemetry'
import { spotifyAccounts } from './spotify-accounts.ts'
import { spotifyApi } from './spotify-api.ts'

/** Three attempts of this must end while a user still waits. */
const TIMEOUT_MS = 3_000

export function spotifyProvider({
  config,
  metrics,
}: {
  config: SpotifyConfig
  metrics: Metrics
}): MusicProvider & { close(): Promise<void> } {
  const options = { provider: 'spotify', metrics, timeoutMs: TIMEOUT_MS }
  const accounts = providerClient({ ...options, baseUrl: config.accountsUrl })
  const api = providerClient({ ...options, baseUrl: config.apiUrl })
  return {
    name: 'spotify',
    attribution: { name: 'Spotify', url: 'https://www.spotify.com' },
    ...spotifyAccounts(accounts, config),
    ...spotifyApi(api),
    async close() {
      await Promise.all([accounts.close(), api.close()])
    },
  }
}
