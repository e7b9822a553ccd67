import { STATUS_CODES } from 'node:http'
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { AppError, errorCode } from '#platform/errors'
import {
  internalError,
  invalidRequest,
  malformedRequest,
  temporarilyUnavailable,
} from './http.errors.ts'

/** RFC 9457 problem details, the body of every error. */
export const Problem = Type.Object(
  {
    type: Type.String({ description: 'URI of the page that explains the code.' }),
    title: Type.String(),
    status: Type.Integer({ minimum: 400, maximum: 599 }),
    detail: Type.Optional(Type.String()),
    code: Type.String({ description: 'Stable and machine-readable.' }),
    requestId: Type.String({ description: 'Quote it when you report the problem.' }),
  },
  { title: 'Problem', additionalProperties: true },
)

const DATABASE_UNAVAILABLE = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOTFOUND',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  // SQLSTATE classes of a server that is stopping, starting or out of connections.
  '57P01',
  '57P02',
  '57P03',
  '53300',
  '08006',
  '08001',
  '08003',
  // Of a statement that waited or ran too long, or lost against another: trying again helps.
  '55P03',
  '57014',
  '40001',
  '40P01',
  '25P03',
])

function isUnavailable(error: unknown): boolean {
  const code = errorCode(error)
  if (code !== undefined && DATABASE_UNAVAILABLE.has(code)) return true
  // node-postgres gives these no code.
  return (
    error instanceof Error &&
    /timeout exceeded when trying to connect|Connection terminated|Query read timeout/.test(
      error.message,
    )
  )
}

/** Any thrown value as an error with a public face; what is not known is an internal error. */
export function toAppError(error: unknown): AppError {
  if (error instanceof AppError) return error
  if (isUnavailable(error)) return temporarilyUnavailable(error)
  const { validation, validationContext, statusCode } = error as Partial<FastifyError>
  if (validation !== undefined) {
    const faults = validation.map(({ instancePath, message }) => ({
      field: instancePath,
      problem: message ?? 'is not valid',
    }))
    return invalidRequest(validationContext ?? 'request', faults.slice(0, 10))
  }
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500) {
    return malformedRequest(statusCode, STATUS_CODES[statusCode] ?? 'Bad Request', error)
  }
  return internalError(error)
}

export const PROBLEM_TYPE = 'application/problem+json; charset=utf-8'

/** The document for an error, as a value. */
export function problemBody(error: AppError, publicUrl: string, requestId: string) {
  return {
    ...error.extensions,
    type: `${publicUrl}/errors/${error.code}`,
    title: error.title,
    status: error.status,
    ...(error.detail !== undefined && { detail: error.detail }),
    code: error.code,
    requestId,
  }
}

/** The one place where errors become answers, and where a fault of ours is logged. */
export function problemHandler(publicUrl: string) {
  return (thrown: unknown, request: FastifyRequest, reply: FastifyReply) => {
    const error = toAppError(thrown)
    if (error.status >= 500) {
      request.log.error({ error: error.cause ?? error, code: error.code }, 'request failed')
    }
    if (error.status === 401) reply.header('www-authenticate', 'Bearer')
    if (error.retryAfterSeconds !== undefined) {
      reply.header('retry-after', String(Math.ceil(error.retryAfterSeconds)))
    }
    return reply
      .status(error.status)
      .header('cache-control', 'no-store')
      .type(PROBLEM_TYPE)
      .serializer(JSON.stringify)
      .send(problemBody(error, publicUrl, request.id))
  }
}
