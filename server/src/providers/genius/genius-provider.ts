import type { LyricsProvider } from '#domains/lyrics'
import type { GeniusConfig } from '#platform/config'
import {
  type ProviderClientOptions,
  ProviderError,
  type ProviderFault,
  providerClient,
} from '#platform/outbound'
import { parseSearch } from './genius-answer.ts'

interface Options extends Pick<ProviderClientOptions, 'metrics' | 'timeoutMs' | 'random'> {
  config: GeniusConfig
}

export interface GeniusProvider extends LyricsProvider {
  close(): Promise<void>
}

const PROVIDER = 'genius'
const SEARCH = 'search'
/** The most that Genius gives a page: the right one may stand below its translations. */
const PER_PAGE = 20

const fault = (kind: ProviderFault, status: number, reason?: string) =>
  new ProviderError({
    provider: PROVIDER,
    operation: SEARCH,
    fault: kind,
    status,
    ...(reason !== undefined && { reason }),
  })

/** Songs on Genius, by its API (https://docs.genius.com). It gives no lyric text. */
export function geniusProvider({ config, ...options }: Options): GeniusProvider {
  const client = providerClient({ provider: PROVIDER, baseUrl: config.apiUrl, ...options })
  const headers = { authorization: `Bearer ${config.accessToken}` }
  return {
    name: PROVIDER,
    attribution: 'Lyrics page on Genius (genius.com)',
    async search(query) {
      const { status, body } = await client.send({
        operation: SEARCH,
        path: '/search',
        query: { q: query, per_page: PER_PAGE },
        headers,
      })
      if (status === 401 || status === 403) throw fault('unauthorised', status)
      if (status >= 300) throw fault('rejected', status)
      const candidates = parseSearch(body)
      if (candidates === undefined) throw fault('unavailable', status, 'malformed answer')
      return candidates
    },
    close: () => client.close(),
  }
}
