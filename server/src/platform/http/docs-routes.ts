import type { Routes } from './http-types.ts'
import { openApiDocument } from './openapi.ts'

/** The reference page brings its own inline script and style; everything it loads is ours. */
const PAGE_POLICY = [
  "default-src 'self'",
  "script-src 'self' 'unsafe-inline'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self' data:",
  "object-src 'none'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ')

const DOCUMENT = {
  access: 'public',
  priority: 'bulk',
  cache: { scope: 'public', maxAgeSeconds: 300 },
} as const

/** The API's description (`/openapi.json`) and a page to read it (`/docs`). */
export const docsRoutes: Routes<Record<never, never>> = async (app) => {
  app.get('/openapi.json', { schema: { hide: true }, config: DOCUMENT }, async () =>
    openApiDocument(app),
  )
  app.get('/', { schema: { hide: true }, config: { access: 'public' } }, async (_request, reply) =>
    reply.redirect('/docs/', 302),
  )
  app.addHook('onSend', async (_request, reply) => {
    reply.header('content-security-policy', PAGE_POLICY)
  })
  // A large package, which only a process that serves the page should load.
  const { default: scalar } = await import('@scalar/fastify-api-reference')
  await app.register(scalar, {
    routePrefix: '/docs',
    configuration: {
      url: '/openapi.json',
      title: 'Music Language API',
      // These would call other hosts, or offer the library's own services.
      withDefaultFonts: false,
      telemetry: false,
      hideClientButton: true,
      showDeveloperTools: 'never',
      agent: { disabled: true },
      mcp: { disabled: true },
    },
  })
}
