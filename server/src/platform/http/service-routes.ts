import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { Type } from 'typebox'
import type { Health } from './health.ts'
import { errorPageNotFound } from './http.errors.ts'
import type { Routes } from './http-types.ts'

const Liveness = Type.Object({ status: Type.Literal('ok') }, { title: 'Liveness' })
const Readiness = Type.Object(
  {
    status: Type.Union([Type.Literal('ok'), Type.Literal('degraded')], {
      description: 'degraded: requests are answered, but something is slower or missing.',
    }),
    checks: Type.Record(
      Type.String({ maxLength: 40 }),
      Type.Union([Type.Literal('ok'), Type.Literal('failed')]),
    ),
  },
  { title: 'Readiness' },
)
/** Answers that change with a release. */
const PAGE_CACHE = { scope: 'public', maxAgeSeconds: 3600 } as const
const ERROR_PAGES = resolve(import.meta.dirname, '../../../../docs/errors')

/** Health checks, the API's own description, and the pages that explain error codes. */
export const serviceRoutes: Routes<{ health: Health }> = async (app, { health }) => {
  const tags = ['service']

  app.get(
    '/health/live',
    {
      schema: {
        operationId: 'live',
        summary: 'The process runs',
        tags,
        response: { 200: Liveness },
      },
      config: { access: 'public', priority: 'always' },
    },
    async () => ({ status: 'ok' as const }),
  )

  app.get(
    '/health/ready',
    {
      schema: {
        operationId: 'ready',
        summary: 'Requests can be answered now',
        tags,
        response: { 200: Readiness },
      },
      config: { access: 'public', priority: 'always' },
    },
    () => health.report(),
  )

  app.get(
    '/errors/:code',
    {
      schema: {
        params: Type.Object({
          code: Type.String({ pattern: '^[a-z_]+\\.[a-z_]+$', maxLength: 100 }),
        }),
        hide: true,
      },
      config: { access: 'public', cache: PAGE_CACHE },
    },
    async ({ params }, reply) => {
      const page = await readFile(resolve(ERROR_PAGES, `${params.code}.md`), 'utf8').catch(() => {
        throw errorPageNotFound()
      })
      return reply.type('text/markdown; charset=utf-8').send(page)
    },
  )
}
