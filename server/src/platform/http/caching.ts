import { hash } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { HttpServer } from './http-types.ts'

/** Who may keep an answer: nobody, only the user it was made for, or everyone on the way. */
export interface CachePolicy {
  readonly scope: 'private' | 'public' | 'none'
  readonly maxAgeSeconds: number
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /** How long the answer of a GET may be kept. Default: not at all. */
    cache?: CachePolicy
  }
}

const NO_STORE = 'no-store'
/** To digest more at every request would cost more than it saves. */
const MAX_TAGGED_LENGTH = 262_144

/**
 * Lets answers be kept as their routes declare, and answers 304 to whoever has the current one.
 * A route that asks for a token cannot be public: that stops the start.
 */
export function declareCaching(app: HttpServer): void {
  app.addHook('onRoute', ({ config, method, url }) => {
    if (config?.cache?.scope !== 'public' || config.access === 'public') return
    throw new Error(`route ${String(method)} ${url} is guarded, but its answers are for everyone`)
  })
  app.addHook('onSend', (request, reply, payload, done) => {
    const policy = request.routeOptions.config.cache
    if (policy === undefined || policy.scope === 'none' || reply.statusCode !== 200) {
      if (!reply.hasHeader('cache-control')) reply.header('cache-control', NO_STORE)
      done(null, payload)
      return
    }
    const { scope, maxAgeSeconds } = policy
    reply.header('cache-control', `${scope}, max-age=${maxAgeSeconds}`)
    if (scope === 'private') reply.header('vary', 'Authorization')
    done(null, isTaggable(payload) ? unlessKnown(request, reply, payload) : payload)
  })
}

const isTaggable = (payload: unknown): payload is string | Buffer =>
  (typeof payload === 'string' || Buffer.isBuffer(payload)) && payload.length <= MAX_TAGGED_LENGTH

/** The payload with its tag, or nothing but 304 for who has it (RFC 9110, 13.1.2). */
function unlessKnown(request: FastifyRequest, reply: FastifyReply, payload: string | Buffer) {
  const tag = `W/"${hash('sha256', payload, 'base64url').slice(0, 27)}"`
  reply.header('etag', tag)
  if (!names(request.headers['if-none-match'], tag)) return payload
  reply.status(304).removeHeader('content-length').removeHeader('content-type')
  return null
}

/** By weak comparison, which leaves `W/` out of account. */
function names(header: string | undefined, tag: string): boolean {
  if (header === undefined) return false
  const bare = (one: string) => one.trim().replace(/^W\//, '')
  return header.trim() === '*' || header.split(',').some((one) => bare(one) === bare(tag))
}
