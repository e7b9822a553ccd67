import { Value } from 'typebox/value'
import { AppError } from '#platform/errors'
import { Problem } from '#platform/http'
import { recommendationsUnavailable } from '../recommendations.errors.ts'

const OWN_MEMBERS = new Set(['type', 'title', 'status', 'detail', 'code', 'requestId'])

/**
 * The error that the other process meant by an answer, such as the local module would have thrown
 * it. What it says of our own right to ask (401, 403) is no business of the user's: then, as with
 * anything that is no problem document, they are unavailable.
 */
export function errorOfAnswer(status: number, body: unknown, retryAfter: unknown): AppError {
  if (status === 401 || status === 403 || !Value.Check(Problem, body) || body.status !== status) {
    const code = Value.Check(Problem, body) ? body.code : 'no problem document'
    return recommendationsUnavailable(new Error(`reco answered ${status}: ${code}`))
  }
  const { code, title, detail } = body
  const retryAfterSeconds = Number(retryAfter)
  const extensions = Object.entries(body).filter(([name]) => !OWN_MEMBERS.has(name))
  return new AppError({
    code,
    status,
    title,
    ...(detail !== undefined && { detail }),
    ...(retryAfterSeconds > 0 && { retryAfterSeconds }),
    extensions: Object.fromEntries(extensions),
  })
}
