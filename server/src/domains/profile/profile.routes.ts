import { callerOf, type Routes } from '#platform/http'
import { LanguageChange, User, UserChange } from './profile.schemas.ts'
import type { Profile } from './profile.service.ts'

const tags = ['profile']

export const profileRoutes: Routes<{ profile: Profile }> = async (app, { profile }) => {
  app.get(
    '/me',
    {
      schema: {
        operationId: 'me',
        summary: 'Who you are and what you prefer',
        tags,
        response: { 200: User },
      },
      config: { access: { scope: 'profile:read' } },
    },
    (request) => profile.user(callerOf(request).userId),
  )

  app.patch(
    '/me',
    {
      schema: {
        operationId: 'changeMe',
        summary: 'Change your name or preferred languages',
        tags,
        body: UserChange,
        response: { 200: User },
      },
      config: { access: { scope: 'profile:write' } },
    },
    (request) => profile.change(callerOf(request).userId, request.body),
  )

  app.patch(
    '/me/lang',
    {
      schema: {
        operationId: 'preferLanguage',
        summary: 'Make a language your most wanted one',
        tags,
        body: LanguageChange,
        response: { 200: User },
      },
      config: { access: { scope: 'profile:write' } },
    },
    (request) => profile.preferLanguage(callerOf(request).userId, request.body.lang),
  )
}
