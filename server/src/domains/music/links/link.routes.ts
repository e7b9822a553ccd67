import { Type } from 'typebox'
import { callerOf, type Routes } from '#platform/http'
import type { AccountLinks } from './account-links.ts'
import { browserCookie, browserOf, clearedBrowserCookie, wantsPage } from './browser-cookie.ts'
import { CallbackQuery, LinkDone, LinkStart, LoginQuery, ProviderLinks } from './link.schemas.ts'

const tags = ['links']

/** Linking accounts. Register without a prefix: the paths are fixed by what providers redirect to. */
export const linkRoutes: Routes<{ links: AccountLinks; publicUrl: string }> = async (
  app,
  { links, publicUrl },
) => {
  app.get(
    '/auth/spotify/login',
    {
      schema: {
        operationId: 'beginSpotifyLink',
        summary: 'Begin to link a Spotify account',
        tags,
        querystring: LoginQuery,
        response: { 200: LinkStart },
      },
      config: { access: { scope: 'music:write' } },
    },
    async (request, reply) => {
      const { userId, sessionId } = callerOf(request)
      const returnTo = request.query.return_to
      const { authorizeUrl, browserToken } = await links.begin({
        userId,
        sessionId,
        provider: 'spotify',
        returnTo,
      })
      return reply
        .header('cache-control', 'no-store')
        .header('set-cookie', browserCookie(browserToken, publicUrl))
        .send({ authorizeUrl })
    },
  )

  app.get(
    '/auth/spotify/callback',
    {
      schema: {
        operationId: 'finishSpotifyLink',
        summary: 'Where Spotify sends the browser back to',
        tags,
        querystring: CallbackQuery,
        response: {
          200: LinkDone,
          303: Type.Null({ description: 'For a browser: to the page it came from.' }),
        },
      },
      config: { access: 'public' },
    },
    async (request, reply) => {
      const done = await links.finish('spotify', request.query, browserOf(request.headers))
      reply.header('cache-control', 'no-store').header('set-cookie', clearedBrowserCookie)
      // Absolute: as a relative link the path would be open to another reading.
      return wantsPage(request.headers)
        ? reply.redirect(publicUrl + done.returnTo, 303)
        : reply.send(done)
    },
  )

  app.get(
    '/music/links',
    {
      schema: {
        operationId: 'accountLinks',
        summary: 'Your linked accounts and how they are',
        tags,
        response: { 200: ProviderLinks },
      },
      config: { access: { scope: 'music:read' } },
    },
    async (request) => ({ links: await links.list(callerOf(request).userId) }),
  )

  app.delete(
    '/music/links/spotify',
    {
      schema: {
        operationId: 'removeSpotifyLink',
        summary: 'Unlink Spotify and forget what came from it',
        tags,
        response: { 204: Type.Null() },
      },
      config: { access: { scope: 'music:write' } },
    },
    async (request, reply) => {
      await links.remove(callerOf(request).userId, 'spotify')
      return reply.status(204).send(null)
    },
  )
}
