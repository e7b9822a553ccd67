import type { FastifyRequest } from 'fastify'

/** The address under which the client reaches the sandbox, so that its links can be followed. */
export function originOf(request: FastifyRequest): string {
  return `${request.protocol}://${request.host}`
}
