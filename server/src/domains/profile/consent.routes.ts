import { callerOf, type Routes } from '#platform/http'
import { ConsentChoice, Consents } from './consent.schemas.ts'
import type { UserConsents } from './consent.service.ts'

const tags = ['profile']

export const consentRoutes: Routes<{ consents: UserConsents }> = async (app, { consents }) => {
  app.get(
    '/me/consents',
    {
      schema: {
        operationId: 'consents',
        summary: 'What you have consented to, and when',
        tags,
        response: { 200: Consents },
      },
      config: { access: { scope: 'profile:read' } },
    },
    (request) => consents.of(callerOf(request).userId),
  )

  app.put(
    '/me/consents',
    {
      schema: {
        operationId: 'chooseConsents',
        summary: 'Grant or withdraw consent',
        tags,
        body: ConsentChoice,
        response: { 200: Consents },
      },
      config: { access: { scope: 'profile:write' } },
    },
    (request) => consents.choose(callerOf(request).userId, request.body),
  )
}
