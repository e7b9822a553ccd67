import { STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import { errorCode } from '#platform/errors'
import type { Logger } from '#platform/telemetry'
import { malformedRequest } from './http.errors.ts'
import type { HttpServer } from './http-types.ts'
import { PROBLEM_TYPE, problemBody } from './problem.ts'
import { requestId } from './request-log.ts'

const STATUS_OF: Readonly<Record<string, number>> = {
  HPE_HEADER_OVERFLOW: 431,
  ERR_HTTP_REQUEST_TIMEOUT: 408,
}

/**
 * Answers what is no HTTP message at all (both Content-Length and Transfer-Encoding, a NUL in a
 * header, headers without end …), and so never becomes a request, then hangs up.
 */
export function answerBrokenMessage(publicUrl: string, logger: Logger) {
  return (error: Error, socket: Socket): void => {
    const code = errorCode(error) ?? ''
    // Nobody is there to read an answer.
    if (code === 'ECONNRESET' || !socket.writable) {
      socket.destroy()
      return
    }
    const status = STATUS_OF[code] ?? 400
    const reason = STATUS_CODES[status] ?? 'Bad Request'
    const id = requestId({ headers: {} })
    const body = JSON.stringify(problemBody(malformedRequest(status, reason, error), publicUrl, id))
    logger.info({ request_id: id, status_code: status, code }, 'broken message')
    socket.end(
      [
        `HTTP/1.1 ${status} ${reason}`,
        `Content-Type: ${PROBLEM_TYPE}`,
        `Content-Length: ${Buffer.byteLength(body)}`,
        'X-Content-Type-Options: nosniff',
        'Connection: close',
        '',
        body,
      ].join('\r\n'),
    )
  }
}

/** Two Host headers mean two readers may see two addresses (RFC 9112, 3.2: answer 400). */
export function refuseDoubledHost(app: HttpServer): void {
  app.addHook('onRequest', (request, _reply, done) => {
    done(
      countHosts(request.raw.rawHeaders) > 1
        ? malformedRequest(400, 'Bad Request', undefined)
        : undefined,
    )
  })
}

/** Raw headers are names and values in turn. */
function countHosts(rawHeaders: readonly string[]): number {
  let count = 0
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index]
    if (name?.length === 4 && name.toLowerCase() === 'host') count += 1
  }
  return count
}
