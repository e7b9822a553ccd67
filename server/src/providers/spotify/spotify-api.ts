import { Type } from 'typebox'
import type { ListeningProvider, ProviderAccount, SearchProvider, TopPage } from '#domains/music'
import type { ProviderAnswer, ProviderClient } from '#platform/outbound'
import { bodyOf } from './spotify-answers.ts'
import { artistOf, listOf, trackOf } from './spotify-mapping.ts'

/** Of `/me/top/{type}` and, since February 2026, of `/search`. */
const TOP_PAGE_SIZE = 50
const SEARCH_PAGE_SIZE = 10

const Me = Type.Object({
  id: Type.String({ minLength: 1, maxLength: 255 }),
  display_name: Type.Optional(Type.Union([Type.String(), Type.Null()])),
})
const Page = Type.Object({
  items: Type.Array(Type.Unknown()),
  next: Type.Optional(Type.Union([Type.String(), Type.Null()])),
})
const Found = Type.Object({ tracks: Page })

type Query = Readonly<Record<string, string | number>>

/** The Web API, as far as it is used: https://developer.spotify.com/documentation/web-api. */
export function spotifyApi(
  client: ProviderClient,
): ListeningProvider & SearchProvider & { account(accessToken: string): Promise<ProviderAccount> } {
  const get = (
    operation: string,
    path: string,
    accessToken: string,
    query: Query = {},
  ): Promise<ProviderAnswer> =>
    client.send({ operation, path, query, headers: { authorization: `Bearer ${accessToken}` } })

  /** Page after page until there is enough or no more. */
  async function top(type: 'tracks' | 'artists', accessToken: string, page: TopPage) {
    const operation = `me.top.${type}`
    const items: unknown[] = []
    for (let more = true; more && items.length < page.limit; ) {
      const answer = await get(operation, `/me/top/${type}`, accessToken, {
        time_range: page.timeRange,
        limit: Math.min(TOP_PAGE_SIZE, page.limit - items.length),
        offset: items.length,
      })
      const { items: got, next } = bodyOf(operation, answer, Page)
      items.push(...got)
      more = typeof next === 'string' && got.length > 0
    }
    return items.slice(0, page.limit)
  }

  return {
    async account(accessToken) {
      const me = bodyOf('me', await get('me', '/me', accessToken), Me)
      return { accountId: me.id, displayName: me.display_name ?? null }
    },

    topTracks: async (accessToken, page) => listOf(await top('tracks', accessToken, page), trackOf),

    topArtists: async (accessToken, page) =>
      listOf(await top('artists', accessToken, page), artistOf),

    async searchTracks(accessToken, { text, limit }) {
      const answer = await get('search', '/search', accessToken, {
        q: text,
        type: 'track',
        limit: Math.min(SEARCH_PAGE_SIZE, limit),
      })
      return listOf(bodyOf('search', answer, Found).tracks.items, trackOf)
    },
  }
}
