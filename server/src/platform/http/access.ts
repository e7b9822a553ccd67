import type { FastifyRequest } from 'fastify'
import { forbidden, unauthenticated } from './http.errors.ts'
import type { HttpServer } from './http-types.ts'

/** Who is asking, as proved by an access token. */
export interface Principal {
  userId: string
  sessionId: string
  role: string
  scopes: ReadonlySet<string>
  /** Of a caller whose proof is for one body only. @throws AppError 401 when it is not this one. */
  requireBody?: (body: unknown) => void
}

/** Who may call a route: anyone, or a bearer of the scope. Every route declares one. */
export type Access = 'public' | { readonly scope: string }

/** What a request asks for. */
export interface Asked {
  method: string
  /** Without its query. */
  path: string
}

/** Proves a bearer token. @throws AppError 401 when it is not good (any more), or not for this. */
export type Authenticate = (token: string, asked: Asked) => Promise<Principal>

declare module 'fastify' {
  interface FastifyContextConfig {
    access?: Access
  }
  interface FastifyRequest {
    principal: Principal | undefined
  }
}

const BEARER = /^Bearer ([A-Za-z0-9._-]+)$/i

/** Where a library's own pages stand: it declares nothing about them, and they are public. */
const LIBRARY_PAGES = /^\/docs(\/|$)/
const LIBRARY_CONFIG = {
  access: 'public',
  priority: 'bulk',
  cache: { scope: 'public', maxAgeSeconds: 3600 },
} as const

/** What a request gives for an access token; undefined when it gives none. */
export const bearerToken = ({ headers }: Pick<FastifyRequest, 'headers'>): string | undefined =>
  headers.authorization === undefined ? undefined : BEARER.exec(headers.authorization)?.[1]

/** Guards every route by its declaration; a route without one stops the start. */
export function guardRoutes(app: HttpServer, authenticate: Authenticate): void {
  app.decorateRequest('principal', undefined)
  app.addHook('onRoute', (route) => {
    if (LIBRARY_PAGES.test(route.url)) route.config = { ...route.config, ...LIBRARY_CONFIG }
    if (route.config?.access === undefined) {
      throw new Error(`route ${String(route.method)} ${route.url} declares no access`)
    }
  })
  app.addHook('onRequest', async (request) => {
    const access = request.routeOptions.config.access
    if (access === undefined || access === 'public') return
    const token = bearerToken(request)
    if (token === undefined) throw unauthenticated()
    request.principal = await authenticate(token, askedBy(request))
    if (!request.principal.scopes.has(access.scope)) throw forbidden(access.scope)
  })
}

function askedBy({ method, url }: FastifyRequest): Asked {
  const query = url.indexOf('?')
  return { method, path: query === -1 ? url : url.slice(0, query) }
}

/** The caller of a guarded route. @throws AppError 401 on a public route without a caller. */
export function callerOf(request: FastifyRequest): Principal {
  if (request.principal === undefined) throw unauthenticated()
  return request.principal
}
