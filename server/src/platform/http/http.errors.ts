import { AppError } from '#platform/errors'

export const unauthenticated = () =>
  new AppError({
    code: 'http.unauthenticated',
    status: 401,
    title: 'Authentication is required',
    detail: 'Send a valid access token as "Authorization: Bearer <token>".',
  })

export const forbidden = (scope: string) =>
  new AppError({
    code: 'http.forbidden',
    status: 403,
    title: 'Not allowed',
    detail: `This needs the scope "${scope}".`,
  })

export interface FieldFault {
  /** JSON Pointer into the part, such as `/email`. */
  field: string
  problem: string
}

export const invalidRequest = (part: string, faults: readonly FieldFault[]) =>
  new AppError({
    code: 'http.invalid_request',
    status: 400,
    title: 'The request is not valid',
    detail: faults.map(({ field, problem }) => `${part}${field}: ${problem}`).join('; '),
    extensions: { part, faults },
  })

export const routeNotFound = () =>
  new AppError({ code: 'http.not_found', status: 404, title: 'Not found' })

export const internalError = (cause: unknown) =>
  new AppError({
    code: 'http.internal_error',
    status: 500,
    title: 'Something went wrong on our side',
    cause,
  })

export const temporarilyUnavailable = (cause: unknown) =>
  new AppError({
    code: 'http.unavailable',
    status: 503,
    title: 'Temporarily unavailable',
    detail: 'A part of the service is not reachable. Try again shortly.',
    retryAfterSeconds: 2,
    cause,
  })

/** A fault that the HTTP layer itself found: malformed JSON, wrong media type, too large. */
export const malformedRequest = (status: number, title: string, cause: unknown) =>
  new AppError({ code: 'http.malformed_request', status, title, cause })

export const errorPageNotFound = () =>
  new AppError({ code: 'http.not_found', status: 404, title: 'There is no such error code' })

/** @param checks what works and what does not, by public names */
export const notReady = (checks: Readonly<Record<string, string>>) =>
  new AppError({
    code: 'http.unavailable',
    status: 503,
    title: 'Temporarily unavailable',
    detail: 'A part of the service is not reachable. Try again shortly.',
    retryAfterSeconds: 2,
    extensions: { checks },
  })

export const stopping = () =>
  new AppError({
    code: 'http.unavailable',
    status: 503,
    title: 'Temporarily unavailable',
    detail: 'This instance is stopping.',
    retryAfterSeconds: 2,
  })

export const overloaded = (retryAfterSeconds: number) =>
  new AppError({
    code: 'http.overloaded',
    status: 503,
    title: 'Too busy',
    detail: 'There is more to do than can be done soon. Try again after a short while.',
    retryAfterSeconds,
  })
