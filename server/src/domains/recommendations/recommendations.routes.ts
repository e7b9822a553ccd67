import { callerOf, type Routes } from '#platform/http'
import { ByLanguageBody, MineQuery, Recommendations } from './recommendations.schemas.ts'
import type { Recommender } from './recommendations.service.ts'

const tags = ['recommendations']
/** Expensive when they must be made: the first to go when there is too much to do. */
const config = { access: { scope: 'reco:read' }, priority: 'bulk' } as const
const cache = { scope: 'private', maxAgeSeconds: 60 } as const

export const recommendationRoutes: Routes<{ recommendations: Recommender }> = async (
  app,
  { recommendations },
) => {
  app.post(
    '/by-language',
    {
      schema: {
        operationId: 'recommendByLanguage',
        summary: 'Songs like yours, in the language you name',
        tags,
        body: ByLanguageBody,
        response: { 200: Recommendations },
      },
      config,
    },
    (request) => {
      const { lang, limit } = request.body
      return recommendations.byLanguage(callerOf(request).userId, lang, limit)
    },
  )

  app.get(
    '/me',
    {
      schema: {
        operationId: 'recommendForMe',
        summary: 'Songs like yours, in the language that you want most',
        tags,
        querystring: MineQuery,
        response: { 200: Recommendations },
      },
      config: { ...config, cache },
    },
    (request) => recommendations.mine(callerOf(request).userId, request.query.limit),
  )
}
