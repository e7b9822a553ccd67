import type { Routes } from '#platform/http'
import { LyricsHit, LyricsPages, LyricsQuery, LyricsSearchQuery } from './lyrics.schemas.ts'
import type { Lyrics } from './lyrics.service.ts'

const tags = ['lyrics']
const access = { scope: 'lyrics:read' }
/** As long as the server keeps them at the least. */
const cache = { scope: 'private', maxAgeSeconds: 1800 } as const

export const lyricsRoutes: Routes<{ lyrics: Lyrics }> = async (app, { lyrics }) => {
  app.get(
    '',
    {
      schema: {
        operationId: 'findLyrics',
        summary: 'Find the page that holds the words of a song',
        tags,
        querystring: LyricsQuery,
        response: { 200: LyricsHit },
      },
      config: { access, cache },
    },
    (request) => lyrics.find(request.query),
  )

  app.get(
    '/search',
    {
      schema: {
        operationId: 'searchLyrics',
        summary: 'Search for pages with song texts',
        tags,
        querystring: LyricsSearchQuery,
        response: { 200: LyricsPages },
      },
      config: { access, cache, priority: 'bulk' },
    },
    (request) => lyrics.search(request.query),
  )
}
