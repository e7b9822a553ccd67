import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { Type } from 'typebox'
import { AppError } from '#platform/errors'
import { errorPageNotFound, temporarilyUnavailable } from './http.errors.ts'
import type { Routes } from './http-types.ts'

export interface Health {
  /** @throws when the service cannot answer requests now, or was asked to stop. */
  check(): Promise<void>
}

const HealthState = Type.Object({ status: Type.Literal('ok') }, { title: 'Health' })
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
        response: { 200: HealthState },
      },
      config: { access: 'public' },
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
        response: { 200: HealthState },
      },
      config: { access: 'public' },
    },
    async () => {
      await health.check().catch((cause: unknown) => {
        throw cause instanceof AppError ? cause : temporarilyUnavailable(cause)
      })
      return { status: 'ok' as const }
    },
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
      config: { access: 'public' },
    },
    async ({ params }, reply) => {
      const page = await readFile(resolve(ERROR_PAGES, `${params.code}.md`), 'utf8').catch(() => {
        throw errorPageNotFound()
      })
      return reply.type('text/markdown; charset=utf-8').send(page)
    },
  )
}
