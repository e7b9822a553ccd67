import { callerOf, type Routes } from '#platform/http'
import type { MusicLibrary } from './library/music-library.ts'
import {
  SearchQuery,
  TopArtists,
  TopQuery,
  TopTracks,
  Track,
  TrackParams,
  TrackSearch,
} from './music.schemas.ts'

const tags = ['music']
const access = { scope: 'music:read' }
/** Short: the languages of new tracks become known within seconds. */
const cache = { scope: 'private', maxAgeSeconds: 60 } as const

export const musicRoutes: Routes<{ library: MusicLibrary }> = async (app, { library }) => {
  app.get(
    '/me/top/tracks',
    {
      schema: {
        operationId: 'topTracks',
        summary: 'The tracks you listen to most, with their languages',
        tags,
        querystring: TopQuery,
        response: { 200: TopTracks },
      },
      config: { access, cache },
    },
    (request) => {
      const { limit, time_range: timeRange } = request.query
      return library.topTracks(callerOf(request).userId, { limit, timeRange })
    },
  )

  app.get(
    '/me/top/artists',
    {
      schema: {
        operationId: 'topArtists',
        summary: 'The artists you listen to most',
        tags,
        querystring: TopQuery,
        response: { 200: TopArtists },
      },
      config: { access, cache },
    },
    (request) => {
      const { limit, time_range: timeRange } = request.query
      return library.topArtists(callerOf(request).userId, { limit, timeRange })
    },
  )

  app.get(
    '/search',
    {
      schema: {
        operationId: 'searchTracks',
        summary: 'Find tracks by words',
        tags,
        querystring: SearchQuery,
        response: { 200: TrackSearch },
      },
      config: { access, cache, priority: 'bulk' },
    },
    (request) => {
      const { q: text, limit } = request.query
      return library.search(callerOf(request).userId, { text, limit })
    },
  )

  app.get(
    '/tracks/:id',
    {
      schema: {
        operationId: 'track',
        summary: 'What is known of a track',
        tags,
        params: TrackParams,
        response: { 200: Track },
      },
      config: { access, cache },
    },
    (request) => library.track(request.params.id),
  )
}
