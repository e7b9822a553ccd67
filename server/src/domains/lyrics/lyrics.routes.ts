import type { Routes } from '#platform/http'
import { LyricsHit, LyricsPages, LyricsQuery, LyricsSearchQuery } from './lyrics.schemas.ts'
import type { Lyrics } from './lyrics.service.ts'

const tags = ['lyrics']
const access = { scope: 'lyrics:read' }

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
      config: { access },
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
      config: { access },
    },
    (request) => lyrics.search(request.query),
  )
}
