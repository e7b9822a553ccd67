import { callerOf, type Routes } from '#platform/http'
import { ByLanguageBody, Recommendations } from '../recommendations.schemas.ts'
import type { Recommender } from '../recommendations.service.ts'
import { INTERNAL_SCOPE } from './internal-api.ts'

/**
 * What the API asks of a process that serves recommendations alone. The user is the one whom the
 * caller's signed token names: no header and no body can name another.
 */
export const internalRecommendationRoutes: Routes<{
  recommendations: Pick<Recommender, 'byLanguage'>
}> = async (app, { recommendations }) => {
  app.addHook('preValidation', (request, _reply, done) => {
    callerOf(request).requireBody?.(request.body)
    done()
  })

  app.post(
    '/reco/by-language',
    {
      schema: { hide: true, body: ByLanguageBody, response: { 200: Recommendations } },
      config: { access: { scope: INTERNAL_SCOPE } },
    },
    (request) => {
      const { lang, limit } = request.body
      return recommendations.byLanguage(callerOf(request).userId, lang, limit)
    },
  )
}
