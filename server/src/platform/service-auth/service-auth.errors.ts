import { AppError } from '#platform/errors'

export const invalidServiceToken = (cause?: unknown) =>
  new AppError({
    code: 'service_auth.invalid_token',
    status: 401,
    title: 'This address is for our own processes',
    cause,
  })
