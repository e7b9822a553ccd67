import type { Routes } from '#platform/http'
import { TrackLanguageDetail, TrackParams } from './language.schemas.ts'
import type { Language } from './language.service.ts'

export const languageRoutes: Routes<{ language: Language }> = async (app, { language }) => {
  app.get(
    '/tracks/:id',
    {
      schema: {
        operationId: 'trackLanguage',
        summary: 'The language a track is sung in, and how we know',
        tags: ['language'],
        params: TrackParams,
        response: { 200: TrackLanguageDetail },
      },
      config: {
        access: { scope: 'language:read' },
        // Known for good once it is known, but this may be the answer that it is not yet.
        cache: { scope: 'private', maxAgeSeconds: 60 },
      },
    },
    (request) => language.ofTrack(request.params.id),
  )
}
